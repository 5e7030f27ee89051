"""Files to clauses, and the store."""
