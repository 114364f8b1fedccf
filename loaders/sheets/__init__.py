"""The sheets of the factsheet layout: what a row of each says."""
