// Suppliers by tier, one tier after the other, and no further than the page needs.
MATCH (start:Enterprise {id: $enterprise})
CALL (start) {
    MATCH (start)<-[:SUPPLIES {used: true}]-(one)
    WHERE one <> start
    WITH DISTINCT one ORDER BY one.id LIMIT $limit
    RETURN collect(one) AS first
}
CALL (start, first) {
    UNWIND CASE WHEN size(first) < $limit THEN first ELSE [] END AS one
    MATCH (one)<-[:SUPPLIES {used: true}]-(two)
    WHERE two <> start
    WITH DISTINCT two, first WHERE NOT two IN first
    WITH two ORDER BY two.id LIMIT $limit
    RETURN collect(two) AS second
}
CALL (start, first, second) {
    UNWIND CASE WHEN size(first) + size(second) < $limit THEN second ELSE [] END AS two
    MATCH (two)<-[:SUPPLIES {used: true}]-(three)
    WHERE three <> start
    WITH DISTINCT three, first, second WHERE NOT three IN first AND NOT three IN second
    WITH three ORDER BY three.id LIMIT $limit
    RETURN collect(three) AS third
}
UNWIND ([n IN first | [1, n.id]] + [n IN second | [2, n.id]] + [n IN third | [3, n.id]])[..$limit] AS member
RETURN member[0] AS tier, member[1] AS enterprise
