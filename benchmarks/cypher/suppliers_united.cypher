// Suppliers by tier: three walks united, each without repeats, then the nearest tier of each enterprise.
MATCH (start:Enterprise {id: $enterprise})
CALL (start) {
    MATCH (start)<-[:SUPPLIES {used: true}]-(reached)
    RETURN DISTINCT reached, 1 AS tier
    UNION ALL
    MATCH (start)<-[:SUPPLIES {used: true}]-(one)
    WITH DISTINCT one
    MATCH (one)<-[:SUPPLIES {used: true}]-(reached)
    RETURN DISTINCT reached, 2 AS tier
    UNION ALL
    MATCH (start)<-[:SUPPLIES {used: true}]-(one)
    WITH DISTINCT one
    MATCH (one)<-[:SUPPLIES {used: true}]-(two)
    WITH DISTINCT two
    MATCH (two)<-[:SUPPLIES {used: true}]-(reached)
    RETURN DISTINCT reached, 3 AS tier
}
WITH start, reached, min(tier) AS tier
WHERE reached <> start
RETURN tier, reached.id ORDER BY tier, reached.id LIMIT $limit
