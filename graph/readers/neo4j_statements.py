"""All Cypher of the Neo4j reader. Constant text; every value is a parameter, every label and type from a closed list.

The plain graph holds the facts of today and whatever is timeless: nodes, names, classes, regions, recipes. It is read
for those at any time, and for dated facts when the question is about today. What was recorded stands in :Claim nodes;
from them any other day is worked out. See graph/stores/neo4j_statements.py for what is kept.
"""

import re

from graph.model.kinds import NODE_KINDS
from graph.model.predicates import PREDICATES

_WORD = re.compile(r"[A-Za-z_]+")


def _for_each(words: dict[str, str], template: str, mark: str) -> dict[str, str]:
    """The template for each label or type; they are plain words or this fails at import."""
    if bad := [word for word in words.values() if not _WORD.fullmatch(word)]:
        raise ValueError(f"neither labels nor types: {bad}")
    return {name: template.replace(mark, word) for name, word in words.items()}


# What a reader is about: the revision and the day of the plain graph, read last in every transaction.

STATE = "MATCH (s:Store {one: 'store'}) RETURN s.revision, s.facts_as_of"
TURNS_BY = """
RETURN EXISTS { MATCH (c:Claim) WHERE c.turns <= $day AND c.status = 'accepted' }
"""

# Nodes

NODES = """
UNWIND $ids AS id
MATCH (n:Node {id: id})
RETURN id, n.name_zh, n.name_en,
    n.name_zh IS NULL AND n.name_en IS NULL AND n.aliases IS NULL AND n.codes IS NULL
"""
KNOWN = "UNWIND $ids AS id MATCH (n:Node {id: id}) RETURN id"
IDS = _for_each({k.name: k.label for k in NODE_KINDS.values()}, "MATCH (n:KIND) WHERE n:Node RETURN n.id", "KIND")
COUNT = _for_each({k.name: k.label for k in NODE_KINDS.values()}, "MATCH (n:KIND) WHERE n:Node RETURN count(n)", "KIND")
COUNT_CLAIMS = "MATCH (c:Claim) WHERE c.status = 'accepted' RETURN count(c)"
CITED_SOURCES = "MATCH (c:Claim) WHERE c.status = 'accepted' RETURN DISTINCT c.source"
SOURCES = """
UNWIND $ids AS id
MATCH (s:Source {id: id}) WHERE s.grade IS NOT NULL
RETURN id, s.url, s.publisher, s.date, s.grade, s.licence
"""
CITED = """
UNWIND $ids AS id
WITH id WHERE EXISTS { MATCH (c:Claim {source: id}) WHERE c.status = 'accepted' }
RETURN id
"""

# Claims: what facts of any day are worked out from. The fields of a row stand as in Claim, its id before them.

_ROW = """
RETURN c.id, c.subject, c.predicate, c.object, c.number, c.text, c.unit, c.qualifier, c.as_of, c.until, c.flags,
    c.detail, c.source, c.confidence
"""
CLAIMS_OF = {
    "out": "UNWIND $ids AS id MATCH (c:Claim {subject: id}) "
    "WHERE c.status = 'accepted' AND ($predicates IS NULL OR c.predicate IN $predicates)" + _ROW,
    "in": "UNWIND $ids AS id MATCH (c:Claim {object: id}) "
    "WHERE c.status = 'accepted' AND ($predicates IS NULL OR c.predicate IN $predicates)" + _ROW,
}
# Subjects of which something is told more than once. Claims of merged nodes meet under one id only later.
TOLD_TWICE = """
MATCH (c:Claim) WHERE c.status = 'accepted'
WITH c.subject AS subject, c.predicate AS predicate, c.object AS object, coalesce(c.qualifier, '') AS qualifier,
    count(*) AS times
WHERE times > 1
RETURN DISTINCT subject
"""
SUBJECTS_NAMING = """
UNWIND $ids AS id
CALL (id) {
    MATCH (c:Claim {subject: id}) RETURN c
    UNION MATCH (c:Claim {object: id}) RETURN c
    UNION MATCH (c:Claim {through: id}) RETURN c
}
RETURN DISTINCT c.subject
"""

# Facts of today that join two nodes, with all their claim says. Few links leave a node, so one statement sifts them by
# type; very many may lead to one (everybody's product, a country's enterprises), so each type is asked for by itself.

_LINK = """
RETURN a.id, type(r), b.id, r.value, r.unit, r.qualifier, r.as_of, r.until, r.flags, r.detail, r.source, r.confidence,
    r.claim, r.conflicts
"""
LINKS_FROM = (
    """
UNWIND $ids AS id
MATCH (a:Node {id: id})-[r]->(b:Node)
WHERE type(r) IN $types AND ($others IS NULL OR b.id IN $others)
"""
    + _LINK
)
LINKS_TO = _for_each(
    {name: name.upper() for name, told in PREDICATES.items() if told.links},
    """
UNWIND $ids AS id
MATCH (b:Node {id: id})<-[r:TYPE]-(a:Node)
WHERE $others IS NULL OR a.id IN $others
"""
    + _LINK,
    "TYPE",
)

# Recipes are few and timeless: their flows are fetched once a revision.
RECIPES = "MATCH (a:Node)-[r:INPUT_TO|YIELDS|USES]->(b:Node)" + _LINK

# Regions. Parts and wholes are timeless.

INSIDE = """
MATCH (:Region {id: $region})<-[:PART_OF*0.. {used: true}]-(inside:Region)
RETURN DISTINCT inside.id
"""
# The regions above some, each with what it is part of.
WHOLES = """
UNWIND $regions AS id
MATCH (:Region {id: id})-[:PART_OF*0.. {used: true}]->(region:Region)
WITH DISTINCT region
RETURN region.id, [(region)-[:PART_OF {used: true}]->(whole:Region) | whole.id]
"""
PLACED = """
MATCH (:Region {id: $region})<-[:PART_OF*0.. {used: true}]-(inside:Region)
WITH DISTINCT inside
MATCH (inside)<-[:LOCATED_IN {used: true}]-(who:Node) WHERE left(who.id, 3) IN $prefixes
RETURN DISTINCT who.id
"""
UNPLACED = _for_each(
    {k.name: k.label for k in NODE_KINDS.values()},
    "MATCH (n:KIND) WHERE n:Node AND NOT EXISTS { (n)-[:LOCATED_IN {used: true}]->() } RETURN n.id",
    "KIND",
)

# The recipe graph, timeless too.

PRODUCTS = """
MATCH (p:Product)
RETURN p.id, p.role, p.role_flags, p.stage, p.stage_flags, [(p)-[:CHAIN {used: true}]->(c:Chain) | c.id],
    [(p)-[:SUBCLASS_OF {used: true}]->(above:Product) | above.id]
"""
PROCESSES = """
MATCH (p:Process)
RETURN p.id, p.process_kind, p.process_kind_flags, [(p)-[:SITE {used: true}]->(site:Region) | site.id],
    [(p)<-[:INPUT_TO {used: true}]-(q:Product) | q.id], [(p)-[:YIELDS {used: true}]->(q:Product) | q.id],
    [(p)-[u:USES {used: true}]->(q:Product) | [q.id, u.qualifier]]
"""

# Who makes what, today. A planned capacity and a stockpile do not make a maker, an unfinished project makes nothing.

_MAKES = """(
    (type(m) = 'PRODUCES' AND NOT coalesce(m.qualifier, '') IN $not_making)
    OR (type(m) = 'PROJECT_PRODUCT' AND e.status IN $done
        AND none(flag IN coalesce(e.status_flags, []) WHERE flag IN $excluding))
)"""
HERE = """
MATCH (:Region {id: $region})<-[:PART_OF*0.. {used: true}]-(inside:Region)
WITH DISTINCT inside
MATCH (inside)<-[:LOCATED_IN {used: true}]-(e:Node)
WHERE e:Enterprise OR e:Project
WITH DISTINCT e
RETURN e.id,
    [(e)-[m:PRODUCES {used: true}]->(q:Product) WHERE NOT coalesce(m.qualifier, '') IN $not_making | q.id],
    [(e)-[:CONSUMES {used: true}]->(q:Product) | q.id],
    [(e)-[:PROJECT_PRODUCT {used: true}]->(q:Product) | q.id],
    CASE WHEN none(flag IN coalesce(e.status_flags, []) WHERE flag IN $excluding) THEN e.status END
"""
# Yearly amounts of some, and where they are: by the type of the relationship.
FIGURES = """
UNWIND $ids AS id
MATCH (e:Node {id: id})-[m:PRODUCES|CONSUMES|PROJECT_PRODUCT {used: true}]->(q:Product)
WHERE m.value > 0 AND m.unit IS NOT NULL AND (type(m) <> 'PRODUCES' OR m.qualifier = 'capacity')
RETURN id, type(m), q.id, m.value, m.unit
"""
SURE_OUTSIDE = """
UNWIND $ids AS id
MATCH (e:Node {id: id})-[l:LOCATED_IN {used: true}]->(place:Region)
WHERE size(coalesce(l.flags, [])) = 0 AND NOT EXISTS {
    (place)-[:PART_OF*0.. {used: true}]->(:Region {id: $region})
}
RETURN DISTINCT id
"""
TOTALS = (
    """
MATCH (p:Product)
CALL (p) {
    MATCH (p)<-[:SUBCLASS_OF*0.. {used: true}]-(q:Product)
    WITH DISTINCT q
    MATCH (q)<-[m:PRODUCES|PROJECT_PRODUCT {used: true}]-(e:Node)
    WHERE """
    + _MAKES
    + """
    RETURN count(DISTINCT e) AS makers
}
RETURN p.id, makers
"""
)
UNPLACED_MAKERS = """
MATCH (e:Enterprise)
WHERE NOT EXISTS { (e)-[:LOCATED_IN {used: true}]->() }
    AND EXISTS { (e)-[m:PRODUCES {used: true}]->() WHERE NOT coalesce(m.qualifier, '') IN $not_making }
RETURN count(e)
"""
# Rows are (id, id it is read as). `begins` of a partial date is its first day: 2021-06 -> 2021-06-01.
TOLD_BY = """
UNWIND $rows AS row
MATCH (c:Claim {subject: row[0]}) WHERE c.status = 'accepted'
WITH row[1] AS entity, c.source AS source, c.flags IS NULL AND (
    c.predicate IN $timeless OR (
        (c.as_of IS NULL OR left(c.as_of + '-01-01', 10) <= $day)
        AND (c.until IS NULL OR left(c.until + '-01-01', 10) > $day)
    )
) AS counts, any(flag IN coalesce(c.flags, []) WHERE flag IN $over) AS over
RETURN entity, collect(DISTINCT CASE WHEN counts THEN source END), max(CASE WHEN over THEN 1 ELSE 0 END)
"""
# A state or a town that holds many firms does not make them one group: only enterprises own here.
OWNERS = """
UNWIND $ids AS id
MATCH (a:Enterprise {id: id})-[o:OWNS {used: true}]-(b:Enterprise)
WHERE o.value IS NULL OR o.unit <> '%' OR o.value >= $share
RETURN id, collect(DISTINCT b.id)
"""
MAKERS = (
    """
MATCH (:Product {id: $product})<-[:SUBCLASS_OF*0.. {used: true}]-(b:Product)
WITH DISTINCT b
MATCH (b)<-[m:PRODUCES|PROJECT_PRODUCT {used: true}]-(e:Node)
WHERE """
    + _MAKES
    + """
WITH e, e AS a, b, m AS r
RETURN a.id, type(r), b.id, r.value, r.unit, r.qualifier, r.as_of, r.until, r.flags, r.detail, r.source, r.confidence,
    r.claim, r.conflicts, EXISTS { (e)-[:LOCATED_IN {used: true}]->() },
    $region IS NOT NULL AND EXISTS {
        (e)-[:LOCATED_IN {used: true}]->(:Region)-[:PART_OF*0.. {used: true}]->(:Region {id: $region})
    }
"""
)
BELOW = """
MATCH (:Product {id: $product})<-[:SUBCLASS_OF*0.. {used: true}]-(below:Product)
RETURN DISTINCT below.id
"""
CAPACITIES = """
MATCH (:Product {id: $product})<-[:SUBCLASS_OF*0.. {used: true}]-(q:Product)
WITH DISTINCT q
MATCH (q)<-[m:PRODUCES {used: true, qualifier: 'capacity'}]-(e:Enterprise)
WHERE m.value > 0 AND m.unit IS NOT NULL AND ($country IS NULL OR (e.country = $country
    AND none(flag IN coalesce(e.country_flags, []) WHERE flag IN $excluding)))
RETURN e.id, q.id, m.value, m.unit, m.claim
"""
COUNTRIES = """
UNWIND $ids AS id
MATCH (e:Node {id: id}) WHERE e.country = $country
    AND none(flag IN coalesce(e.country_flags, []) WHERE flag IN $excluding)
RETURN id
"""
