"""Templates of the documents, and what makes those for Word."""
