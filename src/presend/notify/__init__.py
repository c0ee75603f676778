"""Telling people: one digest per run, without anybody's personal data."""
