// Gap rows from the region outwards, made products marked in the aggregation instead of looked up in a list; each
// relationship type by itself, so that no label and no status is read where none is needed.
MATCH (:Region {id: $region})<-[:PART_OF*0.. {used: true}]-(inside:Region)
WITH DISTINCT inside
MATCH (inside)<-[:LOCATED_IN {used: true}]-(e) WHERE e:Enterprise OR e:Project
WITH collect(DISTINCT e) AS here
CALL (here) {
    CALL (here) {
        UNWIND here AS e
        MATCH (e)-[m:PRODUCES {used: true}]->(q)
        WHERE m.qualifier IS NULL OR NOT m.qualifier IN $not_making
        RETURN q
        UNION
        UNWIND here AS e
        MATCH (e)-[:PROJECT_PRODUCT {used: true}]->(q)
        WHERE e.status IN $done
        RETURN q
    }
    MATCH (q)-[:SUBCLASS_OF*0.. {used: true}]->(p)
    RETURN collect(DISTINCT p) AS made
}
CALL (here, made) {
    UNWIND made AS p
    RETURN p, null AS user, null AS product, 1 AS is_made
    UNION ALL
    UNWIND here AS e
    MATCH (e)-[:CONSUMES {used: true}]->(p)
    RETURN p, e AS user, null AS product, 0 AS is_made
    UNION ALL
    UNWIND made AS q
    MATCH (q)<-[:YIELDS {used: true}]-()<-[:INPUT_TO {used: true}]-(p)
    RETURN p, null AS user, q AS product, 0 AS is_made
}
WITH p, count(DISTINCT user) AS users, count(DISTINCT product) AS goes_into, max(is_made) AS is_made
WHERE is_made = 0
CALL (p) {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(kind)
    WITH DISTINCT kind
    CALL (kind) {
        MATCH (kind)<-[m:PRODUCES {used: true}]-(e)
        WHERE m.qualifier IS NULL OR NOT m.qualifier IN $not_making
        RETURN e
        UNION ALL
        MATCH (kind)<-[:PROJECT_PRODUCT {used: true}]-(e)
        WHERE e.status IN $done
        RETURN e
    }
    RETURN count(DISTINCT e) AS makers
}
RETURN p.id, users, goes_into, makers ORDER BY p.id
