"""What presend remembers between runs: findings seen before, and the journal of its deeds."""
