"""Subgraphs as files: one streaming writer a format (see formats.py)."""
