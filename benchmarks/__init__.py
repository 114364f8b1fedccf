"""Measurements of rechain and the seeded data they run on."""
