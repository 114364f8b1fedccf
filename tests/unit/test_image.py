"""The image is built from what it needs: every package of the wheel is copied, and let through by .dockerignore."""

import tomllib

from conftest import ROOT


def test_every_package_gets_into_the_image() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    needed = {*wheel["wheel"]["packages"], *wheel["wheel"]["force-include"]}
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {
        source.rstrip("/")
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert needed <= copied
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied <= {line.removeprefix("!") for line in let_through if line.startswith("!")}
    assert all((ROOT / source).exists() for source in copied)
