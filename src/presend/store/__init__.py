"""What presend remembers between runs: runs and what they saw, what people said, and the journal of its deeds."""
