// Gap rows, product by product: what a person writes first. Each product is asked whether anybody here makes it.
MATCH (r:Region {id: $region})
MATCH (p:Product)
WHERE NOT EXISTS {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(:Product)<-[m:PRODUCES|PROJECT_PRODUCT {used: true}]-(e)
    WHERE ((e:Enterprise AND NOT coalesce(m.qualifier, '') IN $not_making) OR (e:Project AND e.status IN $done))
        AND EXISTS { (e)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r) }
}
CALL (p, r) {
    MATCH (p)<-[:CONSUMES {used: true}]-(e:Enterprise)
    WHERE EXISTS { (e)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r) }
    RETURN count(DISTINCT e) AS users
}
CALL (p, r) {
    MATCH (p)-[:INPUT_TO {used: true}]->(:Process)-[:YIELDS {used: true}]->(q:Product)
    WITH DISTINCT q, r
    WHERE EXISTS {
        MATCH (q)<-[:SUBCLASS_OF*0.. {used: true}]-(:Product)<-[m:PRODUCES|PROJECT_PRODUCT {used: true}]-(e)
        WHERE ((e:Enterprise AND NOT coalesce(m.qualifier, '') IN $not_making) OR (e:Project AND e.status IN $done))
            AND EXISTS { (e)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r) }
    }
    RETURN count(q) AS goes_into
}
WITH p, users, goes_into
WHERE users > 0 OR goes_into > 0
CALL (p) {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(kind:Product)
    WITH DISTINCT kind
    MATCH (kind)<-[m:PRODUCES|PROJECT_PRODUCT {used: true}]-(e)
    WHERE (e:Enterprise AND NOT coalesce(m.qualifier, '') IN $not_making) OR (e:Project AND e.status IN $done)
    RETURN count(DISTINCT e) AS makers
}
RETURN p.id, users, goes_into, makers ORDER BY p.id
