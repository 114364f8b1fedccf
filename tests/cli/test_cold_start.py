"""A command loads what it needs and no more: libraries of others would double the wait for its first word."""

import subprocess
import sys

import pytest

HEAVY = (
    "docx",
    "docxtpl",
    "fastapi",
    "igraph",
    "jinja2",
    "lxml",
    "neo4j",
    "networkx",
    "numpy",
    "opencc",
    "pandas",
    "pyarrow",
    "pydantic_settings",
    "pyoxigraph",
    "pypinyin",
    "pyshacl",
    "rdflib",
    "scipy",
    "typst",
    "uvicorn",
    "xlsxwriter",
    "yaml",
)


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["--help"], {"numpy"}),
        *(([name, "--help"], {"numpy"}) for name in ("gaps", "balance", "fit", "dossier", "subgraph", "export")),
        *(([name, "--help"], set[str]()) for name in ("load", "outcomes", "serve", "verify")),
        (["template", "project"], set()),
    ],
    ids=" ".join,
)
def test_a_command_loads_no_library_of_another(words: list[str], needed: set[str]) -> None:
    probe = "import sys; from cli.main import run; code = run(sys.argv[2:]); "
    probe += "print(code, *[name for name in sys.argv[1].split() if name in sys.modules], file=sys.stderr)"
    asked = [sys.executable, "-c", probe, " ".join(HEAVY), *words]
    code, *loaded = subprocess.run(asked, capture_output=True, text=True, check=True).stderr.split()
    assert (code, set(loaded)) == ("0", needed)
