"""Where claims are kept: one port, one file a store."""
