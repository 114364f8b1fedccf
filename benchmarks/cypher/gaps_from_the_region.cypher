// Gap rows from the region outwards: who is here, what they make, what that takes; membership in a list.
MATCH (:Region {id: $region})<-[:PART_OF*0.. {used: true}]-(inside:Region)
WITH DISTINCT inside
MATCH (inside)<-[:LOCATED_IN {used: true}]-(e) WHERE e:Enterprise OR e:Project
WITH collect(DISTINCT e) AS here
CALL (here) {
    UNWIND here AS e
    MATCH (e)-[m:PRODUCES|PROJECT_PRODUCT {used: true}]->(q:Product)
    WHERE (e:Enterprise AND NOT coalesce(m.qualifier, '') IN $not_making) OR (e:Project AND e.status IN $done)
    WITH DISTINCT q
    MATCH (q)-[:SUBCLASS_OF*0.. {used: true}]->(p:Product)
    RETURN collect(DISTINCT p) AS made
}
CALL (here, made) {
    UNWIND here AS e
    MATCH (e:Enterprise)-[:CONSUMES {used: true}]->(p:Product)
    RETURN p, e AS user, null AS product
    UNION
    UNWIND made AS q
    MATCH (q)<-[:YIELDS {used: true}]-(:Process)<-[:INPUT_TO {used: true}]-(p:Product)
    RETURN p, null AS user, q AS product
}
WITH made, p, count(DISTINCT user) AS users, count(DISTINCT product) AS goes_into
WHERE NOT p IN made
CALL (p) {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(kind:Product)
    WITH DISTINCT kind
    MATCH (kind)<-[m:PRODUCES|PROJECT_PRODUCT {used: true}]-(e)
    WHERE (e:Enterprise AND NOT coalesce(m.qualifier, '') IN $not_making) OR (e:Project AND e.status IN $done)
    RETURN count(DISTINCT e) AS makers
}
RETURN p.id, users, goes_into, makers ORDER BY p.id
