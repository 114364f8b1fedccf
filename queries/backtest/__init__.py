"""How often the advice of a past day was right."""
