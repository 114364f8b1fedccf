"""Where the templates of documents lie."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
