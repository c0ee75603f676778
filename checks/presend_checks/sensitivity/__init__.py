"""SEN: what a reader takes amiss: sensitive facts shown, being watched, a wrong tone, an offer into a disaster."""
