"""AGE: facts, people and sources that are too old to rely on."""
