"""`python -m cli.docs`: writes the pages of documentation that are made from the code."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api.docs import answers_page, settings_page
from api.nodes import context_page
from graph.export.shapes import shapes_page
from graph.export.vocabulary import vocabulary_page
from queries.chain.certificate_parts import CertificateAnswer
from queries.citations import Citation
from queries.cypher_library import cypher_page
from queries.registry import QUERIES

DOCS = Path(__file__).parents[1] / "docs"


def pages() -> dict[Path, str]:
    """What belongs into which file."""
    return {
        DOCS / "answers.md": answers_page(QUERIES),
        DOCS / "settings.md": settings_page(),
        DOCS / "cypher.md": cypher_page(),
        DOCS / "ontology.ttl": vocabulary_page(),
        DOCS / "shapes.ttl": shapes_page(),
        DOCS / "context.jsonld": context_page(),
        DOCS / "schemas" / "citation.schema.json": _schema(Citation[dict[str, Any]], "Citation of rechain"),
        DOCS / "schemas" / "certificate.schema.json": _schema(
            Citation[CertificateAnswer], "Certificate of rechain: a citation of the question certificate"
        ),
    }


def _schema(model: type[BaseModel], title: str) -> str:
    """A JSON Schema of what is written to files."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema = dialect | model.model_json_schema(by_alias=True, mode="serialization") | {"title": title}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
