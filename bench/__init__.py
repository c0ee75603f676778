"""How cheap reading is: against rendering every mail, and against data checks written by hand."""
