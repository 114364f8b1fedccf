"""A subgraph as the client gives it: rows, and as NetworkX and pandas have them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import networkx
    import pandas

Json = dict[str, Any]
_EDGE = (
    "source", "target", "predicate", "qualifier", "value", "unit", "as_of", "until", "flags", "confidence", "note",
    "document", "document_url", "document_publisher", "document_date", "document_grade", "conflicts",
)  # fmt: skip
_ABOUT = ("as_of", "known_at", "revision", "seeds", "claims", "sources", "truncated")


class Tables(NamedTuple):
    """A subgraph as two DataFrames: nodes by id, edges by claim id with `source` and `target`."""

    nodes: "pandas.DataFrame"
    edges: "pandas.DataFrame"


class SubgraphFound:
    """A part of the graph.

    `nodes` by hop and id, `edges` by subject, predicate and object are the rows of the answer; `answer` is all of it,
    with `left_out`. `citations` are what `rechain verify` takes, one a page of 10,000 rows; `citation` is the first.
    """

    def __init__(self, answer: Json, citations: tuple[Json, ...]) -> None:
        self.answer = answer
        self.citations = citations
        self.nodes: list[Json] = answer["nodes"]
        self.edges: list[Json] = answer["edges"]

    @property
    def citation(self) -> Json:
        """The citation; of the first page where there are several."""
        return self.citations[0]

    def __repr__(self) -> str:
        return f"<subgraph of {len(self.nodes)} nodes and {len(self.edges)} edges, as of {self.answer['as_of']}>"

    def to_networkx(self) -> "networkx.MultiDiGraph[str]":
        """Nodes by id, edges keyed by claim id, with all that is known of each; what is not known is left out."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        graph.graph.update({name: self.answer[name] for name in _ABOUT if self.answer[name] is not None})
        graph.graph["params"] = self.answer["params"]
        graph.add_nodes_from(self.node_attributes())
        for claim, told in self.edge_attributes():
            graph.add_edge(told.pop("source"), told.pop("target"), claim, **told)
        return graph

    def to_pandas(self) -> Tables:
        """Two DataFrames; raises ImportError when pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("to_pandas() needs pandas, which is not installed: pip install pandas") from error
        nodes, edges = dict(self.node_attributes()), dict(self.edge_attributes())
        # The columns are there, in this order, whether or not anything is in them.
        columns = dict.fromkeys(
            ("kind", "hop", "name_zh", "name_en", *(name for one in nodes.values() for name in one))
        )
        return Tables(
            pandas.DataFrame(list(nodes.values()), pandas.Index(list(nodes), name="id"), list(columns)),
            pandas.DataFrame(list(edges.values()), pandas.Index(list(edges), name="claim"), list(_EDGE)),
        )

    def node_attributes(self) -> Iterator[tuple[str, Json]]:
        """Each node with what is said of it, flat.

        A predicate is an attribute with its value, and `NAME_unit`, `NAME_as_of`, `NAME_flags` where there are such;
        one of which some node has several, or which tells its own name (an indicator), is a list of texts:
        `output: 5 t/yr (2023)`. `claims` are the claims these rest on.
        """
        for row in self.nodes:
            node = row["node"]
            told = {"kind": row["kind"], "hop": row["hop"], "name_zh": node["name_zh"], "name_en": node["name_en"]}
            for said in row["said"]:
                predicate, statement = said["predicate"], said["statement"]
                if predicate in ("name_zh", "name_en"):
                    continue
                if predicate in self._listed:
                    told.setdefault(predicate, []).append(_in_words(statement))
                else:
                    told |= {predicate: statement["value"]}
                    told |= {f"{predicate}_{name}": statement[name] for name in ("unit", "as_of", "flags")}
            yield node["id"], _known(told | {"claims": [said["statement"]["claim"] for said in row["said"]]})

    def edge_attributes(self) -> Iterator[tuple[str, Json]]:
        """Each edge by its claim, with `source`, `target` and what is known of the statement and its document."""
        for row in self.edges:
            statement = row["statement"]
            document = statement["source"]
            told = {name: statement[name] for name in _EDGE if name in statement and name != "source"}
            told |= {
                "source": row["subject"]["id"],
                "target": row["object"]["id"],
                "predicate": row["predicate"],
                "document": document["id"],
                "conflicts": [rival["claim"] for rival in statement["conflicts"]],
            }
            told |= {f"document_{name}": document[name] for name in ("url", "publisher", "date", "grade")}
            yield statement["claim"], _known(told)

    @cached_property
    def _listed(self) -> set[str]:
        """Predicates that some node has several statements of, or that are told apart by a qualifier."""
        listed = set()
        for row in self.nodes:
            seen = set()
            for said in row["said"]:
                if said["predicate"] in seen or said["statement"]["qualifier"]:
                    listed.add(said["predicate"])
                seen.add(said["predicate"])
        return listed


def _known(told: Mapping[str, Any]) -> Json:
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _in_words(statement: Mapping[str, Any]) -> str:
    value = statement["value"]
    hedged = f" [{', '.join(statement['flags'])}]" if statement["flags"] else ""
    if value == statement["qualifier"]:  # an alias: told apart by what it is
        return f"{value}{hedged}"
    number = value if isinstance(value, str) else "" if value is None else f"{value:.15g}"
    told = " ".join(part for part in (number, statement["unit"]) if part)
    named = ": ".join(part for part in (statement["qualifier"], told) if part)
    dated = f" ({statement['as_of']})" if statement["as_of"] and statement["qualifier"] else ""
    return f"{named}{dated}{hedged}"
