// 产业链缺环的底数 / What stands behind the gaps of a region
//
// For each link and service of the chain: who makes it or a kind of it in the region and how many elsewhere, which
// projects here will make it, who here consumes it, and which products made in the region are made from it or with it.
// A row without `makers_here` is what nobody is recorded to make in the region.
//
// :param region => 'reg:baotou'
//
// Left out: whether a link nobody makes is missing or just unknown, what arises as a by-product, which recipes apply in
// the region and which of them its makers use: that takes `rechain gaps`. So `goes_into` is what may need it.
// Facts are those of today.
MATCH (r:Region {id: $region})
WITH r, ['plan', 'former', 'ended', 'indirect', 'stock', 'assumed', 'doubtful', 'coarser'] AS hedges
MATCH (p:Product)
WITH r, p, hedges, CASE
    WHEN any(flag IN p.role_flags WHERE flag IN hedges) THEN 'link'
    ELSE coalesce(p.role, 'link')
END AS role
WHERE role IN ['link', 'service']
CALL (r, p, hedges) {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(kind:Product)
    WITH DISTINCT r, kind, hedges
    MATCH (kind)<-[makes:PRODUCES|PROJECT_PRODUCT {used: true}]-(maker)
    WHERE (maker:Enterprise AND NOT coalesce(makes.qualifier, '') IN ['plan', 'stock'])
        OR (maker:Project AND maker.status IN ['completed', 'in_production']
            AND none(flag IN coalesce(maker.status_flags, []) WHERE flag IN hedges))
    WITH DISTINCT maker, EXISTS {
        (maker)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r)
    } AS here
    RETURN collect(CASE WHEN here THEN maker.id END) AS makers_here,
        count(CASE WHEN NOT here THEN 1 END) AS makers_elsewhere
}
CALL (r, p, hedges) {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(kind:Product)
    WITH DISTINCT r, kind, hedges
    MATCH (kind)<-[:PROJECT_PRODUCT {used: true}]-(project:Project)
    WHERE project.status IN ['signed', 'approved', 'under_construction']
        AND none(flag IN coalesce(project.status_flags, []) WHERE flag IN hedges)
        AND EXISTS { (project)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r) }
    WITH DISTINCT project, hedges
    RETURN collect({
        project: project.id,
        status: project.status,
        expected: CASE
            WHEN none(flag IN coalesce(project.completion_date_flags, []) WHERE flag IN hedges)
            THEN project.completion_date
        END
    }) AS pipeline
}
CALL (r, p) {
    MATCH (p)<-[:CONSUMES {used: true}]-(user:Enterprise)
    WHERE EXISTS { (user)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r) }
    RETURN collect(DISTINCT user.id) AS users
}
CALL (r, p, hedges) {
    MATCH (p)-[:INPUT_TO|USES {used: true}]-(process:Process)-[:YIELDS {used: true}]->(made:Product)
    WHERE EXISTS { (p)-[:INPUT_TO {used: true}]->(process) }
        OR EXISTS { (process)-[:USES {used: true, qualifier: 'service'}]->(p) }
    WITH DISTINCT r, made, hedges
    WHERE EXISTS {
        MATCH (made)<-[:SUBCLASS_OF*0.. {used: true}]-(:Product)<-[makes:PRODUCES|PROJECT_PRODUCT {used: true}]-(maker)
        WHERE ((maker:Enterprise AND NOT coalesce(makes.qualifier, '') IN ['plan', 'stock'])
            OR (maker:Project AND maker.status IN ['completed', 'in_production']
                AND none(flag IN coalesce(maker.status_flags, []) WHERE flag IN hedges)))
            AND EXISTS { (maker)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(r) }
    }
    RETURN collect(made.id) AS goes_into
}
RETURN p.id AS product, coalesce(p.name_zh, p.name_en, p.id) AS name, role, makers_here, makers_elsewhere, pipeline,
    users, goes_into
ORDER BY size(makers_here) > 0, size(users) + size(goes_into) DESC, product
