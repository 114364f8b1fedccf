// 两者如何相连 / How two nodes are linked
//
// All shortest ways between two nodes over supply, ownership, investment and recipe links, whichever way these point:
// the nodes on the way, and for each step how its two ends are joined. To see them drawn, RETURN way instead.
//
// :param a => 'ent:jl-mag'
// :param b => 'prd:neodymium-oxide'
//
// Left out: longer ways, and ways of more than eight steps. For supply alone keep only SUPPLIES in the statement; for
// ownership OWNS and INVESTS_IN. See `rechain paths` for the next shortest ways and the sources of each step.
MATCH way = ALL SHORTEST (a:Node {id: $a})
    ((:Node)-[link:SUPPLIES|OWNS|INVESTS_IN|PRODUCES|CONSUMES|OPERATES|PROJECT_PRODUCT|INPUT_TO|YIELDS|USES|SUBCLASS_OF
        WHERE link.used AND (type(link) <> 'PRODUCES' OR NOT coalesce(link.qualifier, '') IN ['plan', 'stock'])
    ]-(:Node)){1,8}
    (b:Node {id: $b})
WITH [node IN nodes(way) | node.id] AS path, [one IN link | type(one)] AS step
WITH path, collect(step) AS ways
RETURN size(path) - 1 AS steps, path,
    [at IN range(0, size(path) - 2) | reduce(found = [], one IN ways |
        CASE WHEN one[at] IN found THEN found ELSE found + one[at] END)] AS links
ORDER BY path
