"""The platforms: how to get campaigns and people out of each, and how to write back."""
