"""Questions that look things up: who makes, who supplies, how linked, what is known."""
