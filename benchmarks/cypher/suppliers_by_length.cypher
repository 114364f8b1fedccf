// Suppliers by tier: all ways of up to three steps, the shortest for each enterprise.
MATCH (start:Enterprise {id: $enterprise})
MATCH way = (start)<-[:SUPPLIES*1..3 {used: true}]-(reached:Enterprise)
WHERE reached <> start
WITH reached, min(length(way)) AS tier
RETURN tier, reached.id ORDER BY tier, reached.id LIMIT $limit
