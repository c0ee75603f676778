"""OPS: what the platform itself says of the campaign, and its schedule."""
