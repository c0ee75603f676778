"""TAG: tags that print nothing, the wrong thing, or themselves."""
