"""How a source becomes claims: one file a source layout."""
