"""presend reads scheduled e-mail campaigns as each of their recipients would, before they go out."""
