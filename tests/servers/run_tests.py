"""Run the test suite on every store: SQLite, and a real Neo4j that is started for it and stopped after it.

Without Java or Maven the suite runs on SQLite alone and says so, first and last; with CI set that is a failure.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from servers.neo4j_server import missing_tools  # noqa: E402  # after the path, as this is run as a script


def main() -> int:
    """The exit code of the suite."""
    suite = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    if os.environ.get("RECHAIN_TEST_NEO4J"):
        return subprocess.call(suite)
    missing = missing_tools()
    if not missing:
        print("stores under test: SQLite and a real Neo4j, started for this run", flush=True)
        # In place of this process, so that Ctrl-C reaches the one that stops the server.
        os.execv(sys.executable, [sys.executable, str(HERE / "neo4j_server.py"), "run", "--", *suite])
    notice = f"stores under test: SQLite ONLY. For Neo4j {' and '.join(missing)} must be installed (Java 17, Maven)."
    print(notice, flush=True)
    if os.environ.get("CI"):
        print("CI runs both stores or fails.", flush=True)
        return 3
    result = subprocess.call(suite)
    print(notice, flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
