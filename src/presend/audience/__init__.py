"""The recipients as columns: values, facts, snapshots and the engine that answers questions about them."""
