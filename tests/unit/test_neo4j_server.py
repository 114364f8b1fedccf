"""What starts and ends Neo4j for the tests, tried with a stand-in for `java` that only shakes hands."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import neo4j_server
from servers.neo4j_server import Neo4jServer, ServerError, missing_tools, parse_pid, process_birth, store_url

SCRIPT = Path(neo4j_server.__file__)
JAVA = """\
import pathlib, signal, socket, sys
if "org.neo4j.cli.AdminTool" in sys.argv:
    sys.exit()
conf = pathlib.Path(next(each for each in sys.argv if each.startswith("--config-dir=")).partition("=")[2])
if (conf / "broken").exists():
    sys.exit("Store is from another version")
if (conf / "stubborn").exists():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
(conf.parent / "data" / "databases").mkdir(parents=True, exist_ok=True)
address = (conf / "neo4j.conf").read_text().splitlines()[0].partition("=")[2]
listener = socket.create_server((address.partition(":")[0], int(address.partition(":")[2])))
while True:
    with listener.accept()[0] as client:
        if client.recv(20)[:4] == bytes.fromhex("6060b017"):
            client.sendall(bytes.fromhex("00000405"))
"""
MVN = """\
import pathlib, sys
folder = pathlib.Path(next(each for each in sys.argv if each.startswith("-DoutputDirectory=")).partition("=")[2])
folder.mkdir()
(folder / "some.jar").touch()
calls = pathlib.Path(__file__).with_name("calls")
calls.write_text(calls.read_text() + "x" if calls.exists() else "x")
if pathlib.Path(__file__).with_name("offline").exists():
    sys.exit("No route to the registry")
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with stand-ins for java and mvn, and nothing else on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("java", JAVA), ("mvn", MVN)):
        (folder / name).write_text(f"#!{sys.executable}\n{text}", "utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


@pytest.fixture
def server(tools: Path, tmp_path: Path) -> Iterator[Neo4jServer]:
    made = Neo4jServer(tmp_path / "a home", patience=20)
    yield made
    made.kill()


def alive(pid: int | None) -> bool:
    return pid is not None and process_birth(pid) is not None


@pytest.mark.parametrize(
    "text, known",
    [
        ("4711 182146600\n", (4711, "182146600")),
        ("4711", None),
        ("4711 ", None),
        ("", None),
        ("-1 182146600", None),
        ("0 182146600", None),
        ("1 182146600", None),
        ("four 182146600", None),
        ("²² 182146600", None),
    ],
)
def test_reads_a_pid_file(text: str, known: tuple[int, str] | None) -> None:
    assert parse_pid(text) == known


def test_url_is_a_ready_value() -> None:
    assert store_url("secret", 7688) == "bolt://neo4j:secret@127.0.0.1:7688"


def test_a_process_has_one_birth_and_a_corpse_none() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        birth = process_birth(child.pid)
        assert birth is not None
        assert birth == process_birth(child.pid)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, and not buried
        assert process_birth(child.pid) is None
    assert process_birth(child.pid) is None


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_never_ends_a_process_that_was_given_the_pid_later(tmp_path: Path, end: str) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        birth = process_birth(stranger.pid)
        assert birth is not None
        (tmp_path / "pid").write_text(f"{stranger.pid} {int(birth) - 1}", "ascii")
        (tmp_path / "url").write_text(store_url("secret", 7688), "ascii")
        server = Neo4jServer(tmp_path)
        assert server.pid is None
        assert getattr(server, end)() is False
        assert stranger.poll() is None
        assert not (tmp_path / "pid").exists()
        assert not (tmp_path / "url").exists()
        stranger.communicate(b"\n")


@pytest.mark.parametrize("verb", [["start"], ["run", "--", "true"]])
def test_says_which_tools_are_missing(
    verb: list[str], tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tools / "mvn").unlink()
    assert missing_tools() == ["mvn"]
    (tools / "java").unlink()
    assert missing_tools() == ["java", "mvn"]
    ended = subprocess.run(
        [sys.executable, SCRIPT, verb[0], "--home", "h", *verb[1:]], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 3
    assert ended.stderr == "Neo4j for tests needs Java 17 and Maven; not on this machine: java, mvn.\n"
    assert neo4j_server.main(["stop", "--home", "h"]) == 0
    assert capsys.readouterr().out == "Neo4j does not run.\n"


def test_finds_java_by_java_home(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jdk").mkdir()
    tools.rename(tmp_path / "jdk" / "bin")
    assert missing_tools() == ["java", "mvn"]
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert missing_tools() == []


def test_fetches_jars_once_and_again_for_another_pom(
    server: Neo4jServer, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neo4j_server, "POM", Path(shutil.copy(neo4j_server.POM, tmp_path)))
    (tools / "offline").touch()
    with pytest.raises(ServerError, match=r"could not fetch the jars of Neo4j\.\nNo route to the registry"):
        server.start()
    assert not server.lib.exists()
    (tools / "offline").unlink()
    (tools / "calls").unlink()
    for _ in range(2):
        neo4j_server.fetch_jars(server.lib)
    assert (tools / "calls").read_text() == "x"
    (tools / "mvn").rename(tools / "no-mvn")
    assert missing_tools(server.lib) == []
    neo4j_server.POM.write_text("<project/>", "utf-8")
    assert missing_tools(server.lib) == ["mvn"]
    (tools / "no-mvn").rename(tools / "mvn")
    neo4j_server.fetch_jars(server.lib)
    assert (tools / "calls").read_text() == "xx"
    assert {each.name for each in server.lib.iterdir()} == {"some.jar", "pom.xml"}


def test_starts_once_keeps_its_secrets_and_its_port_and_stops(server: Neo4jServer) -> None:
    with pytest.raises(ServerError, match="not been started"):
        server.url  # noqa: B018
    early = Neo4jServer(server.home)
    assert server.start()
    files = {name: server.home / name for name in ("url", "pid", "password")}
    assert {stat.S_IMODE(each.stat().st_mode) for each in files.values()} == {0o600}
    assert files["url"].read_text("ascii") == server.url == store_url(files["password"].read_text("ascii"), server.port)
    first, url = server.pid, server.url
    assert not early.start()
    other = Neo4jServer(server.home)
    assert (early.pid, early.url) == (other.pid, other.url) == (first, url)

    assert other.kill()
    assert server.pid is None
    other.restart()
    assert other.url == url
    assert other.pid not in (None, first)
    other.restart()
    assert other.url == url
    last = other.pid
    assert alive(last)
    assert server.pid == last  # the first object sees it too, though it is no child of its own
    assert not server.start()
    assert other.stop()
    assert not alive(last)
    assert not other.stop()
    assert not files["url"].exists()
    assert not files["pid"].exists()


def test_a_server_that_dies_shows_its_last_words(server: Neo4jServer) -> None:
    (server.home / "conf").mkdir(parents=True)
    (server.home / "conf" / "broken").touch()
    with pytest.raises(ServerError, match=r"ended \(1\) before it answered\.\nStore is from another version"):
        server.start()
    assert not (server.home / "pid").exists()


def test_a_server_that_will_not_stop_is_killed(server: Neo4jServer) -> None:
    (server.home / "conf").mkdir(parents=True)
    (server.home / "conf" / "stubborn").touch()
    server.start()
    assert server.stop(patience=0.2)
    assert server.pid is None


def test_script_starts_and_stops(server: Neo4jServer) -> None:
    def script(*verb: str) -> str:
        command = [sys.executable, str(SCRIPT), *verb, "--home", str(server.home)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "ready after" in script("start", "--heap", "1g")
    first = server.pid
    assert alive(first)  # it outlives the script
    said = script("start")
    assert f"runs already: pid {first}" in said
    assert (server.home / "password").read_text("ascii") not in said
    assert script("stop") == "Neo4j stopped.\n"
    assert not alive(first)
    assert script("stop") == "Neo4j does not run.\n"


TELL = "import os; print(os.environ['RECHAIN_TEST_NEO4J'], flush=True); "


@pytest.mark.parametrize(
    "command, code",
    [
        ([sys.executable, "-c", TELL + "raise SystemExit(7)"], 7),
        ([sys.executable, "-c", TELL + "os.kill(os.getpid(), 9)"], 128 + 9),
        (["no-such-command"], 127),
    ],
)
def test_run_gives_the_code_of_its_command_and_leaves_nothing(
    tools: Path, tmp_path: Path, command: list[str], code: int
) -> None:
    (tmp_path / "temp").mkdir()
    ended = subprocess.run(
        [sys.executable, SCRIPT, "run", "--home", tmp_path / "h", "--", *command],
        env=os.environ | {"TMPDIR": str(tmp_path / "temp")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    assert list((tmp_path / "temp").iterdir()) == []
    if url := ended.stdout.strip():
        assert not neo4j_server.bolt_answers(int(url.rpartition(":")[2]))


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_run_ends_its_server_when_it_is_told_to_end(tools: Path, tmp_path: Path, signum: signal.Signals) -> None:
    command = [sys.executable, "-c", TELL + "import time; time.sleep(60)"]
    with subprocess.Popen(
        [sys.executable, SCRIPT, "run", "--home", tmp_path / "h", "--", *command],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    ) as script:  # fmt: skip
        assert script.stdout is not None
        port = int(script.stdout.readline().strip().rpartition(":")[2])
        assert neo4j_server.bolt_answers(port)
        os.killpg(script.pid, signum)  # as a terminal does
        begun = time.monotonic()
        assert script.wait(20) == 128 + signum
        assert time.monotonic() - begun < 8
    assert not neo4j_server.bolt_answers(port)
