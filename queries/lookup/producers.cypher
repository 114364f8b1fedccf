// 谁在生产 / Who makes a product
//
// Enterprises and finished projects that make the product or a kind of it, with each thing they are told to make.
//
// :param product => 'prd:ndfeb-sintered-magnet'
// :param region => 'reg:baotou'
//
// `region` tells makers here from makers elsewhere; set it to null for no region, and `here` is null.
// Left out: makers told in words that do not count (planned, former, a stockpile, a project not finished), makers of
// which only the class is known, and sums of capacity: see `rechain producers`. Facts are those of today.
WITH ['plan', 'former', 'ended', 'indirect', 'stock', 'assumed', 'doubtful', 'coarser'] AS hedges
MATCH (:Product {id: $product})<-[:SUBCLASS_OF*0.. {used: true}]-(kind:Product)
WITH DISTINCT kind, hedges
MATCH (kind)<-[makes:PRODUCES|PROJECT_PRODUCT {used: true}]-(maker)
WHERE (maker:Enterprise AND NOT coalesce(makes.qualifier, '') IN ['plan', 'stock'])
    OR (maker:Project AND maker.status IN ['completed', 'in_production']
        AND none(flag IN coalesce(maker.status_flags, []) WHERE flag IN hedges))
WITH maker, kind, makes ORDER BY kind.id, makes.qualifier, makes.claim
WITH maker, collect({
    product: kind.id, told: makes.qualifier, amount: makes.value, unit: makes.unit, as_of: makes.as_of,
    claim: makes.claim
}) AS makes
RETURN maker.id AS maker, coalesce(maker.name_zh, maker.name_en, maker.id) AS name,
    CASE WHEN $region IS NOT NULL THEN EXISTS {
        (maker)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(:Region {id: $region})
    } END AS here,
    COLLECT {
        MATCH (maker)-[:LOCATED_IN {used: true}]->(place:Region)
        RETURN DISTINCT place.id AS id ORDER BY id
    } AS places,
    makes
ORDER BY here DESC, size(places) = 0, maker
