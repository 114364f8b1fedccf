"""How questions see the graph: one port, one implementation over arrays, one as Cypher."""
