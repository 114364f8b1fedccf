"""What to know of an enterprise before a visit."""
