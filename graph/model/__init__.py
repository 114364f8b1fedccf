"""What the graph is made of: node kinds, predicates, claims, units, dates, names, errors."""
