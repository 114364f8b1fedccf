"""docker-compose.yml is one that Docker takes, and says so when the password is missing."""

import os
import shutil
import subprocess

import pytest
from conftest import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not on this machine")


def _config(tmp_path: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Away from a developer's own .env."""
    known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = ["docker-compose", "--project-directory", str(tmp_path), "-f", str(ROOT / "docker-compose.yml"), "config"]
    return subprocess.run(
        command, cwd=str(tmp_path), env=known | environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_is_valid(tmp_path: object) -> None:
    told = _config(tmp_path, NEO4J_PASSWORD="x" * 8)
    assert told.returncode == 0, told.stderr
    assert "RECHAIN_STORE: bolt://neo4j:xxxxxxxx@neo4j:7687" in told.stdout


def test_it_asks_for_the_password(tmp_path: object) -> None:
    told = _config(tmp_path)
    assert told.returncode != 0
    assert "set NEO4J_PASSWORD in .env" in told.stderr
