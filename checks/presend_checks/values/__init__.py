"""VAL: values that should not be printed as they are."""
