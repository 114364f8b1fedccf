"""N-Quads: a named graph a source, holding its claims; a line a statement, so that any RDF store loads it in parts."""

from dataclasses import dataclass

from graph.export.port import Opener
from graph.export.property_graph import Lang
from graph.export.rdf import Rdf
from graph.export.rdf_terms import DEFAULT_BASE
from graph.model.subgraph import Subgraph

# So many are joined before they are written.
_BLOCKS = 512


@dataclass(frozen=True)
class NQuads:
    """Writes graph.nq. `base` is what the IRIs of the data begin with."""

    base: str = DEFAULT_BASE

    def __call__(self, subgraph: Subgraph, open_file: Opener, lang: Lang) -> int:  # noqa: ARG002
        """See Rdf.blocks for the order."""
        rdf = Rdf(subgraph, self.base)
        with open_file("graph.nq") as file:
            held: list[str] = []
            for subject, graph, pairs in rdf.blocks():
                end = f" {graph} .\n" if graph else " .\n"
                between = f"{end}{subject} "
                held.append(f"{subject} {between.join(pairs)}{end}")
                if len(held) > _BLOCKS:
                    file.write("".join(held).encode())
                    held.clear()
            file.write("".join(held).encode())
        return rdf.lost
