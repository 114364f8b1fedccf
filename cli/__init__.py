"""The `rechain` command."""
