// 供应商 / Suppliers, tier by tier
//
// Who supplies an enterprise, who supplies those, and so on.
// Each is listed once, in its nearest tier, with the links between it and the tier before.
//
// :param enterprise => 'ent:jl-mag'
// :param tiers => 3
//
// `tiers` is at most 10. Left out: links told as former, planned, doubtful ...; nothing is cut, so a hub may give many
// rows. Facts are those of today.
MATCH (start:Enterprise {id: $enterprise})
CALL (start) {
    MATCH way = (start)<-[:SUPPLIES*1..10 {used: true}]-(reached:Enterprise)
    WHERE reached <> start
    RETURN reached, min(length(way)) AS tier
}
WITH start, reached, tier WHERE tier <= $tiers
WITH collect({node: reached, tier: tier}) AS found, start
UNWIND found AS member
WITH member.node AS reached, member.tier AS tier,
    [one IN [{node: start, tier: 0}] + found WHERE one.tier = member.tier - 1 | one.node] AS before
MATCH (reached)-[link:SUPPLIES {used: true}]->(nearer:Enterprise)
WHERE nearer IN before
WITH tier, reached, link ORDER BY startNode(link).id, endNode(link).id, link.qualifier, link.claim
RETURN tier, reached.id AS enterprise, coalesce(reached.name_zh, reached.name_en, reached.id) AS name,
    collect({
        supplier: startNode(link).id, customer: endNode(link).id, product: link.qualifier, amount: link.value,
        unit: link.unit, as_of: link.as_of, claim: link.claim
    }) AS links
ORDER BY tier, enterprise
