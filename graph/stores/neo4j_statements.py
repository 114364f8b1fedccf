"""All Cypher of the Neo4j store. Constant text; every value is a parameter, every label and type from a closed list.

What is kept:

    (:Store {one, identity, schema, revision, last_n, ...})        one node; every writer locks it first
    (:Batch)-[:CARRIED]->(:Claim)   (:Source)   (:Decision)        what was said, by whom, and what people decided
    (:Entry)                                                       the ledger: frozen lists and their outcomes
    (:Name)                                                        the names of accepted claims in normal form
    (:Node:Enterprise)-[:PRODUCES]->(:Node:Product)  ...           the plain graph: the facts of today
    (:Node:Region)-[:INDICATOR]->(:Figure)                         and its qualified literals

Rows of claims travel as lists in the order of CLAIM_FIELDS: half the bytes of maps.
"""

import re

from graph.model.kinds import NODE_KINDS

SCHEMA_VERSION = 1

_WORD = re.compile(r"[A-Za-z]+")


def _for_each_kind(template: str) -> tuple[str, ...]:
    """The template for the label of every node kind; labels are plain words or this fails at import."""
    labels = [kind.label for kind in NODE_KINDS.values()]
    if bad := [label for label in labels if not _WORD.fullmatch(label)]:
        raise ValueError(f"not labels: {bad}")
    return tuple(template.replace("KIND", label) for label in labels)


# Schema

_SCHEMA = (
    "CREATE CONSTRAINT store_one IF NOT EXISTS FOR (s:Store) REQUIRE s.one IS UNIQUE",
    "CREATE CONSTRAINT claim_id IF NOT EXISTS FOR (c:Claim) REQUIRE c.id IS UNIQUE",
    "CREATE CONSTRAINT claim_n IF NOT EXISTS FOR (c:Claim) REQUIRE c.n IS UNIQUE",
    "CREATE CONSTRAINT batch_key IF NOT EXISTS FOR (b:Batch) REQUIRE b.key IS UNIQUE",
    "CREATE CONSTRAINT batch_number IF NOT EXISTS FOR (b:Batch) REQUIRE b.number IS UNIQUE",
    "CREATE CONSTRAINT decision_number IF NOT EXISTS FOR (d:Decision) REQUIRE d.number IS UNIQUE",
    "CREATE CONSTRAINT entry_id IF NOT EXISTS FOR (e:Entry) REQUIRE e.id IS UNIQUE",
    "CREATE CONSTRAINT entry_number IF NOT EXISTS FOR (e:Entry) REQUIRE e.number IS UNIQUE",
    "CREATE CONSTRAINT node_id IF NOT EXISTS FOR (n:Node) REQUIRE n.id IS UNIQUE",
    *_for_each_kind("CREATE CONSTRAINT KIND_id IF NOT EXISTS FOR (n:KIND) REQUIRE n.id IS UNIQUE"),
    "CREATE INDEX claim_subject IF NOT EXISTS FOR (c:Claim) ON (c.subject)",
    "CREATE INDEX claim_object IF NOT EXISTS FOR (c:Claim) ON (c.object)",
    "CREATE INDEX claim_through IF NOT EXISTS FOR (c:Claim) ON (c.through)",
    "CREATE INDEX claim_source IF NOT EXISTS FOR (c:Claim) ON (c.source)",
    "CREATE INDEX claim_changed IF NOT EXISTS FOR (c:Claim) ON (c.changed)",
    "CREATE INDEX source_changed IF NOT EXISTS FOR (s:Source) ON (s.changed)",
    "CREATE INDEX claim_turns IF NOT EXISTS FOR (c:Claim) ON (c.turns)",
    "CREATE INDEX batch_dataset IF NOT EXISTS FOR (b:Batch) ON (b.dataset)",
    "CREATE INDEX decision_action IF NOT EXISTS FOR (d:Decision) ON (d.action)",
    "CREATE INDEX decision_call IF NOT EXISTS FOR (d:Decision) ON (d.call)",
    "CREATE INDEX name_node IF NOT EXISTS FOR (m:Name) ON (m.node)",
    "CREATE INDEX name_long IF NOT EXISTS FOR (m:Name) ON (m.long)",
    "CREATE TEXT INDEX name_normal IF NOT EXISTS FOR (m:Name) ON (m.normal)",
    "CREATE FULLTEXT INDEX names IF NOT EXISTS FOR (n:Node) ON EACH [n.name_zh, n.name_en, n.aliases, n.pinyin] "
    "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}",
)
# By name; a constraint and its index share one.
SCHEMA = {statement.partition(" IF NOT EXISTS")[0].split()[-1]: statement for statement in _SCHEMA}
INDEX_NAMES = "SHOW INDEXES YIELD name RETURN collect(name) AS names"
AWAIT_INDEXES = "CALL db.awaitIndexes(60)"
ANY_NODE = "MATCH (n) RETURN labels(n) AS labels LIMIT 1"
MAKE_STORE = """
MERGE (s:Store {one: 'store'})
ON CREATE SET s.identity = $identity, s.schema = $schema, s.revision = 0, s.last_n = 0, s.batches = 0,
    s.decisions = 0, s.merges = 0, s.facts_revision = 0, s.staging = false
"""

# The meta node

META = "MATCH (s:Store {one: 'store'}) RETURN properties(s) AS meta"
# Setting a property takes the lock; what is returned is read after that.
LOCK = "MATCH (s:Store {one: 'store'}) SET s.locked = true RETURN properties(s) AS meta, timestamp() AS now"
TAKE_LEASE = "MATCH (s:Store {one: 'store'}) SET s.writer = $writer, s.lease = timestamp() + $milliseconds"
# Lock, and begin the time of one's lease anew.
GO_ON = """
MATCH (s:Store {one: 'store'}) SET s.locked = true
WITH s SET s.lease = CASE s.writer WHEN $writer THEN timestamp() + $milliseconds ELSE s.lease END
RETURN properties(s) AS meta
"""
SET_META = "MATCH (s:Store {one: 'store'}) SET s += $meta"

# Claims

CLAIM_FIELDS = (
    "id", "subject", "predicate", "object", "number", "text", "unit", "qualifier", "as_of", "until", "flags",
    "detail", "source", "note", "confidence", "status", "recorded_at", "revision", "changed", "n", "through", "turns",
)  # fmt: skip
CREATE_CLAIMS = """
MATCH (b:Batch {number: $batch})
UNWIND $rows AS row
CREATE (b)-[:CARRIED]->(:Claim {
    id: row[0], subject: row[1], predicate: row[2], object: row[3], number: row[4], text: row[5], unit: row[6],
    qualifier: row[7], as_of: row[8], until: row[9], flags: row[10], detail: row[11], source: row[12], note: row[13],
    confidence: row[14], status: row[15], recorded_at: row[16], revision: row[17], changed: row[18], n: row[19],
    through: row[20], turns: row[21]
})
"""
KNOWN_CLAIMS = "UNWIND $ids AS id MATCH (c:Claim {id: id}) RETURN collect([c.id, c.status, c.n]) AS known"
CARRY_KNOWN = """
MATCH (b:Batch {number: $batch})
UNWIND $ids AS id
MATCH (c:Claim {id: id})
CREATE (b)-[:CARRIED]->(c)
"""
# What a writer that was killed left behind: claims and a batch that nobody has seen.
CLEAR_CLAIMS = "MATCH (c:Claim) WHERE c.n > $last_n WITH c LIMIT $limit DETACH DELETE c RETURN count(*) AS cleared"
CLEAR_CARRIED = """
MATCH (b:Batch)-[r:CARRIED]->() WHERE b.number > $batches
WITH r LIMIT $limit DELETE r RETURN count(*) AS cleared
"""
CLEAR_BATCH = "MATCH (b:Batch) WHERE b.number > $batches DELETE b"
# `keys` is the way in, by an index; the other conditions sift. Pages come in order of n.
_FITS = """
    AND ($subjects IS NULL OR c.subject IN $subjects)
    AND ($objects IS NULL OR c.object IN $objects)
    AND ($predicates IS NULL OR c.predicate IN $predicates)
    AND ($sources IS NULL OR c.source IN $sources)
    AND ($statuses IS NULL OR c.status IN $statuses)
    AND ($about IS NULL OR c.subject IN $about OR c.object IN $about)
    AND ($batch IS NULL OR EXISTS { (:Batch {id: $batch})-[:CARRIED]->(c) })
    AND ($since IS NULL OR c.changed > $since)
"""
_PAGE = """
WITH DISTINCT c ORDER BY c.n LIMIT $limit
RETURN collect([
    c.id, c.subject, c.predicate, c.object, c.number, c.text, c.unit, c.qualifier, c.as_of, c.until, c.flags,
    c.detail, c.source, c.note, c.confidence, c.status, c.recorded_at, c.revision, c.changed, c.n
]) AS rows
"""
CLAIMS_ALL = "MATCH (c:Claim) WHERE c.n > $after AND c.n <= $upto" + _FITS + _PAGE
CLAIMS_BY = {
    "ids": "UNWIND $keys AS key MATCH (c:Claim {id: key}) WHERE c.n > $after AND c.n <= $upto" + _FITS + _PAGE,
    "subjects": "UNWIND $keys AS key MATCH (c:Claim {subject: key}) WHERE c.n > $after AND c.n <= $upto"
    + _FITS
    + _PAGE,
    "objects": "UNWIND $keys AS key MATCH (c:Claim {object: key}) WHERE c.n > $after AND c.n <= $upto" + _FITS + _PAGE,
    "about": "UNWIND $keys AS key CALL (key) { MATCH (c:Claim {subject: key}) RETURN c UNION "
    "MATCH (c:Claim {object: key}) RETURN c } WITH DISTINCT c WHERE c.n > $after AND c.n <= $upto" + _FITS + _PAGE,
    "sources": "UNWIND $keys AS key MATCH (c:Claim {source: key}) WHERE c.n > $after AND c.n <= $upto" + _FITS + _PAGE,
    "batch": "UNWIND $keys AS key MATCH (:Batch {id: key})-[:CARRIED]->(c:Claim) WHERE c.n > $after AND c.n <= $upto"
    + _FITS
    + _PAGE,
    "since": "MATCH (c:Claim) WHERE c.changed > $since AND c.n > $after AND c.n <= $upto" + _FITS + _PAGE,
}

# Sources

ALL_SOURCES = """
MATCH (s:Source) WHERE s.grade IS NOT NULL
RETURN s.id AS id, s.url AS url, s.publisher AS publisher, s.date AS date, s.grade AS grade, s.licence AS licence
ORDER BY id
"""
# One that claims name, but no batch described, has no grade.
SOURCES = """
UNWIND $ids AS id
MATCH (s:Source {id: id}) WHERE s.grade IS NOT NULL
RETURN s.id AS id, s.url AS url, s.publisher AS publisher, s.date AS date, s.grade AS grade, s.licence AS licence
ORDER BY id
"""
VERDICTS_ON_SOURCES = """
UNWIND $ids AS id
MATCH (s:Source {id: id}) WHERE s.decided IS NOT NULL
RETURN s.id AS id, s.decided AS status
"""
NAME_SOURCES = "UNWIND $ids AS id MERGE (:Source {id: id})"
KEEP_SOURCES = "UNWIND $rows AS row MERGE (s:Source {id: row.id}) SET s += row"

# Batches

BATCH_BY_KEY = "MATCH (b:Batch {key: $key}) WHERE b.receipt IS NOT NULL RETURN b.receipt AS receipt"
CREATE_BATCH = "CREATE (b:Batch) SET b = $batch"
SET_BATCH = "MATCH (b:Batch {number: $number}) SET b += $set"
UNDO_BATCH = "MATCH (b:Batch {id: $id}) SET b.undone = $undone RETURN b.dataset AS dataset"
BATCHES = "MATCH (b:Batch) WHERE b.receipt IS NOT NULL RETURN properties(b) AS batch ORDER BY b.number"
BATCHES_OF = """
MATCH (b:Batch {dataset: $dataset}) WHERE b.id IS NOT NULL
RETURN properties(b) AS batch ORDER BY b.number
"""
CARRIED_BY = "MATCH (b:Batch)-[:CARRIED]->(c:Claim) WHERE b.number IN $numbers RETURN collect(DISTINCT c.id) AS ids"

# Decisions

DECISION_OF_CALL = "MATCH (d:Decision {call: $call}) WHERE d.receipt IS NOT NULL RETURN d.receipt AS receipt"
CREATE_DECISIONS = "UNWIND $rows AS row CREATE (d:Decision) SET d = row"
SET_DECISION = "MATCH (d:Decision {number: $number}) SET d += $set"
DECISIONS = "MATCH (d:Decision) RETURN properties(d) AS decision ORDER BY d.number"
MERGES = (
    "MATCH (d:Decision) WHERE d.action IN ['same_as', 'not_same_as'] RETURN properties(d) AS decision ORDER BY d.number"
)
DECIDE_CLAIMS = "UNWIND $rows AS row MATCH (c:Claim {id: row.id}) SET c.decided = row.status, c.decided_n = row.number"
CLAIM_TARGETS = "UNWIND $ids AS id MATCH (c:Claim {id: id}) RETURN collect(c.id) AS ids"
DECIDE_SOURCES = (
    "UNWIND $rows AS row MATCH (s:Source {id: row.id}) SET s.decided = row.status, s.decided_n = row.number"
)
CLAIMS_OF_SOURCES = "UNWIND $ids AS id MATCH (c:Claim {source: id}) RETURN collect(c.id) AS ids"
SOURCE_TARGETS = "MATCH (s:Source) WHERE s.id IN $ids RETURN collect(s.id) AS ids"
BATCH_TARGETS = "MATCH (b:Batch) WHERE b.id IN $ids RETURN collect(b.id) AS ids"
NODE_TARGETS = """
UNWIND $ids AS id
WITH id WHERE EXISTS { MATCH (:Claim {subject: id}) } OR EXISTS { MATCH (:Claim {object: id}) }
    OR EXISTS { MATCH (:Claim {through: id}) }
RETURN collect(id) AS ids
"""

# The ledger

LAST_ENTRY = "MATCH (e:Entry) RETURN coalesce(max(e.number), 0) AS number"
ENTRIES_OF_IDS = "UNWIND $ids AS id MATCH (e:Entry {id: id}) RETURN e.id AS id, e.body AS body"
CREATE_ENTRIES = "UNWIND $rows AS row CREATE (e:Entry) SET e = row"
ENTRIES = """
MATCH (e:Entry) WHERE ($book IS NULL OR e.book = $book) AND ($name IS NULL OR e.name = $name)
RETURN e.number AS number, e.id AS id, e.book AS book, e.name AS name, e.at AS at, e.who AS who, e.body AS body
ORDER BY number
"""

# The status rule: without a live batch retracted; else what people decided last on the claim or its source; else what
# its live batches declare.
RESTATE = """
UNWIND $ids AS id
MATCH (c:Claim {id: id})
OPTIONAL MATCH (s:Source {id: c.source})
WITH c, s, [(b:Batch)-[:CARRIED]->(c) WHERE b.live | b.declared] AS declared
WITH c, c.status AS old, CASE
    WHEN size(declared) = 0 THEN 'retracted'
    WHEN coalesce(c.decided_n, 0) > coalesce(s.decided_n, 0) THEN c.decided
    WHEN s.decided IS NOT NULL THEN s.decided
    WHEN 'accepted' IN declared THEN 'accepted'
    ELSE 'proposed' END AS new
WHERE new <> old
SET c.status = new, c.changed = $revision
RETURN collect([c.id, old, new, c.subject, c.predicate, c.object, c.through]) AS changes
"""

# The plain graph. `members` are a kept node and those merged into it.

# Up to $upto: what a batch adds is known to the one who adds it.
ACCEPTED_OF_SUBJECTS = """
UNWIND $rows AS row
MATCH (c:Claim {subject: row.subject})
WHERE c.status = 'accepted' AND c.n <= $upto AND c.predicate IN row.predicates
RETURN collect([
    c.id, c.subject, c.predicate, c.object, c.number, c.text, c.unit, c.qualifier, c.as_of, c.until, c.flags,
    c.detail, c.source, c.note, c.confidence, c.status, c.recorded_at, c.revision, c.changed, c.n
]) AS rows
"""
TRIPLES_ABOUT = """
UNWIND $ids AS id
CALL (id) {
    MATCH (c:Claim {subject: id}) RETURN c UNION MATCH (c:Claim {object: id}) RETURN c
    UNION MATCH (c:Claim {through: id}) RETURN c
}
RETURN collect(DISTINCT [c.subject, c.predicate, c.object]) AS triples
"""
TRIPLES_OF_SOURCES = """
UNWIND $ids AS id
MATCH (c:Claim {source: id}) WHERE c.status = 'accepted'
RETURN collect(DISTINCT [c.subject, c.predicate, c.object]) AS triples
"""
TRIPLES_CHANGED = """
MATCH (c:Claim) WHERE c.changed > $since AND c.n > $after
WITH c ORDER BY c.n LIMIT $limit
RETURN collect([c.n, c.status, c.subject, c.predicate, c.object, c.through]) AS rows
"""
SOURCES_CHANGED = "MATCH (s:Source) WHERE s.changed > $since RETURN collect(s.id) AS ids"
DROP_LINKS_OF = "UNWIND $ids AS id MATCH (n:Node {id: id})-[r]-() DELETE r"
BLANK_NODES = "UNWIND $ids AS id MATCH (n:Node {id: id}) WHERE NOT n:Source SET n = {id: id}"
TURNING = """
MATCH (c:Claim) WHERE c.turns <= $today
RETURN collect([
    c.id, c.subject, c.predicate, c.object, c.number, c.text, c.unit, c.qualifier, c.as_of, c.until, c.flags,
    c.detail, c.source, c.note, c.confidence, c.status, c.recorded_at, c.revision, c.changed, c.n
]) AS rows
"""
SET_TURNS = "UNWIND $rows AS row MATCH (c:Claim {id: row[0]}) SET c.turns = row[1]"
DROP_LINKS = """
UNWIND $rows AS row
MATCH (a:Node {id: row.subject})-[r]->(b:Node {id: row.object})
WHERE type(r) = row.type
DELETE r
"""
DROP_FIGURES = """
UNWIND $rows AS row
MATCH (a:Node {id: row.subject})-[r]->(f:Figure)
WHERE type(r) = row.type
DETACH DELETE f
"""
# Sources are documents first; one that takes part in the graph gets the label Node beside its own.
KEEP_NODES = "UNWIND $rows AS row MERGE (n:Node {id: row.id}) ON CREATE SET n:$(row.labels) SET n += row.set"
KEEP_SOURCE_NODES = "UNWIND $rows AS row MERGE (n:Source {id: row.id}) SET n:Node SET n += row.set"
SET_PROPERTIES = "UNWIND $rows AS row MATCH (n:Node {id: row.id}) SET n += row.set"
CREATE_LINKS = """
UNWIND $rows AS row
MATCH (a:Node {id: row.subject})
MATCH (b:Node {id: row.object})
CREATE (a)-[r:$(row.type)]->(b)
SET r = row.set
"""
CREATE_FIGURES = """
UNWIND $rows AS row
MATCH (a:Node {id: row.subject})
CREATE (a)-[:$(row.type)]->(f:Figure)
SET f = row.set
"""
UNNAMED = """
UNWIND $rows AS row
MATCH (n:Node {id: row.id})
WHERE NOT EXISTS { UNWIND row.members AS m MATCH (c:Claim {subject: m}) WHERE c.status = 'accepted' }
    AND NOT EXISTS { UNWIND row.members AS m MATCH (c:Claim {object: m}) WHERE c.status = 'accepted' }
    AND NOT EXISTS { UNWIND row.members AS m MATCH (c:Claim {through: m}) WHERE c.status = 'accepted' }
RETURN collect(n.id) AS ids
"""
DROP_FIGURES_OF = "UNWIND $ids AS id MATCH (n:Node {id: id})-->(f:Figure) DETACH DELETE f"
DROP_NODES = "UNWIND $ids AS id MATCH (n:Node {id: id}) WHERE NOT n:Source DETACH DELETE n"
DROP_SOURCE_NODES = "UNWIND $ids AS id MATCH (n:Node:Source {id: id}) REMOVE n:Node"

# Names

DROP_NAMES = "UNWIND $ids AS id MATCH (m:Name {node: id}) DELETE m"
CREATE_NAMES = """
UNWIND $rows AS row
CREATE (:Name {
    node: row[0], kind: row[1], field: row[2], text: row[3], normal: row[4], length: row[5], whole: row[6], long: row[7]
})
"""
_BEST = """
WITH m.node AS node, min([m.length, m.node, m.text, m.field]) AS best
ORDER BY best LIMIT $limit
RETURN collect(best) AS hits
"""
# `whole`: a name as it is written; pinyin and spellings of codes are found whole or from their start only.
SEARCH = {
    "exact": "MATCH (m:Name) WHERE m.normal = $wanted AND ($kinds IS NULL OR m.kind IN $kinds)" + _BEST,
    "prefix": "MATCH (m:Name) WHERE m.normal STARTS WITH $wanted AND ($kinds IS NULL OR m.kind IN $kinds) "
    "AND NOT m.node IN $seen" + _BEST,
    "contains": "MATCH (m:Name) WHERE m.normal CONTAINS $wanted AND m.whole AND ($kinds IS NULL OR m.kind IN $kinds) "
    "AND NOT m.node IN $seen" + _BEST,
}
# Names too long for the index: few, and compared one by one.
LONG_NAMES = "MATCH (m:Name) WHERE m.long RETURN collect([m.node, m.kind, m.text, m.field]) AS names"
