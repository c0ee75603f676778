"""Deeds: planned as an object, bounded, journalled, done, read back."""
