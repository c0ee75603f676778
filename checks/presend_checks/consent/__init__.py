"""CON: whether people may be written to, and whether the mail says what it must: a way out, an address, a reason."""
