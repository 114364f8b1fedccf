"""`python -m cli.docs`: writes the pages of documentation that are made from the code."""

from pathlib import Path

from api.docs import answers_page, settings_page
from queries.cypher_library import cypher_page
from queries.registry import QUERIES

DOCS = Path(__file__).parents[1] / "docs"


def pages() -> dict[Path, str]:
    """What belongs into which file."""
    return {
        DOCS / "answers.md": answers_page(QUERIES),
        DOCS / "settings.md": settings_page(),
        DOCS / "cypher.md": cypher_page(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
