"""Precision and recall of the checks on generated accounts, written from the documents without seeing the checks."""
