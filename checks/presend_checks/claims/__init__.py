"""CLM: what the copy says of its reader, held against what is known of those who get to read it."""
