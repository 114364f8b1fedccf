// 地区概况 / What a region has
//
// One row: what the region is part of and its parts, the enterprises placed in it with what they make, its projects with
// their status, institutions, published figures, offers and the policies that support it.
//
// :param region => 'reg:baotou'
//
// Left out: what regions around it offer, projects nearby, earlier values of figures, what policies ask, and counts by
// chain and stage: see `rechain region`. Facts are those of today.
MATCH (r:Region {id: $region})
WITH r, ['plan', 'former', 'ended', 'indirect', 'stock', 'assumed', 'doubtful', 'coarser'] AS hedges
CALL (r) {
    MATCH (r)<-[:PART_OF*0.. {used: true}]-(inside:Region)
    WITH DISTINCT inside
    MATCH (inside)<-[:LOCATED_IN {used: true}]-(who)
    WITH DISTINCT who ORDER BY who.id
    RETURN collect(who) AS here
}
RETURN r.id AS region, coalesce(r.name_zh, r.name_en, r.id) AS name,
    COLLECT {
        MATCH way = (r)-[:PART_OF*1.. {used: true}]->(whole:Region) WHERE whole <> r
        WITH whole, min(length(way)) AS steps ORDER BY steps, whole.id
        RETURN whole.id
    } AS part_of,
    COLLECT { MATCH (r)<-[:PART_OF {used: true}]-(part:Region) RETURN DISTINCT part.id AS id ORDER BY id } AS parts,
    [who IN here WHERE who:Enterprise | {
        enterprise: who.id, name: coalesce(who.name_zh, who.name_en, who.id),
        makes: COLLECT {
            MATCH (who)-[makes:PRODUCES {used: true}]->(made:Product)
            WHERE NOT coalesce(makes.qualifier, '') IN ['plan', 'stock']
            RETURN DISTINCT made.id AS id ORDER BY id
        }
    }] AS enterprises,
    [who IN here WHERE who:Project | {
        project: who.id, name: coalesce(who.name_zh, who.name_en, who.id),
        status: CASE WHEN none(flag IN coalesce(who.status_flags, []) WHERE flag IN hedges) THEN who.status END,
        makes: COLLECT {
            MATCH (who)-[:PROJECT_PRODUCT {used: true}]->(made:Product) RETURN DISTINCT made.id AS id ORDER BY id
        }
    }] AS projects,
    [who IN here WHERE who:Institution | who.id] AS institutions,
    COLLECT {
        MATCH (r)-[:INDICATOR]->(f:Figure)
        RETURN {name: f.name, value: f.value, unit: f.unit, as_of: f.as_of, claim: f.claim} ORDER BY f.claim
    } AS figures,
    COLLECT {
        MATCH (r)-[:OFFERS]->(f:Figure)
        RETURN {name: f.name, value: f.value, unit: f.unit, as_of: f.as_of, claim: f.claim} ORDER BY f.claim
    } AS offers,
    COLLECT { MATCH (r)<-[s:SUPPORTS]-(policy:Policy) RETURN DISTINCT policy.id AS id ORDER BY id } AS policies
