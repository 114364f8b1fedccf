"""What docs/methods say about the code is where they say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/methods").glob("*.md"))
FILES = {path.name for room in ("graph", "queries", "reports", "tests") for path in (ROOT / room).rglob("*.py")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_files_that_a_method_names_are_there(page: Path) -> None:
    for named in re.findall(r"`([\w/]+\.py)`", page.read_text("utf-8")):
        assert (ROOT / named).is_file() if "/" in named else named in FILES, named
