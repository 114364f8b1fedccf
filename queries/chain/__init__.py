"""Questions about the chain: which links are present, missing or unknown, and what follows."""
