"""DUP: the same person twice in a send, copies that contradict each other, and inboxes that several people read."""
