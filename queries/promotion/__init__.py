"""Whom to invite for a link: candidates, their parts and ranks, who is left out."""
