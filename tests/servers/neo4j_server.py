"""A real Neo4j without Docker, for development and tests only.

    python tests/servers/neo4j_server.py start [--home .neo4j] [--heap 512m]   RECHAIN_STORE=$(cat .neo4j/url)
    python tests/servers/neo4j_server.py stop
    python tests/servers/neo4j_server.py run -- pytest ...                     RECHAIN_TEST_NEO4J is set for the command

Maven fetches the jars named in pom.xml into HOME/lib, once. The server listens on the loopback and nowhere else.
Exit codes: 3 Java or Maven is missing, 4 the jars or the server could not be had; `run` gives its command's own.
"""

import argparse
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from types import FrameType
from typing import Self
from urllib.parse import urlsplit

POM = Path(__file__).with_name("pom.xml")
_JAVA = [
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "-Dlog4j2.disable.jmx=true",
    "-XX:-UsePerfData",  # no file outside the home, so a SIGKILL leaves nothing behind
    "-XX:+ExitOnOutOfMemoryError",  # a test should see a dead server, not one that hangs
]
# The last two lines are worth half a gigabyte of disk a server and ten seconds a stop.
_CONF = """\
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.memory.pagecache.size={pagecache}
dbms.usage_report.enabled=false
db.tx_log.preallocate=false
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""
# Bolt's magic number and four proposals: 5.4 down to 5.0, and three blanks.
_HANDSHAKE = bytes.fromhex("6060b017 00040405 00000000 00000000 00000000")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServerError(Exception):
    """The jars or the server could not be had; the text says why."""


class ToolsMissing(ServerError):
    """Java or Maven is not on this machine."""


def missing_tools(lib: Path | None = None) -> list[str]:
    """Which of `java` and `mvn` are not on this machine. Maven is not missed if the jars are in `lib` already."""
    needed = ["java"] if lib is not None and _jars_ready(lib) else ["java", "mvn"]
    return [tool for tool in needed if _tool(tool) is None]


def _tool(name: str) -> str | None:
    path = os.environ.get("PATH", os.defpath)
    if java_home := os.environ.get("JAVA_HOME"):
        path = os.pathsep.join([os.path.join(java_home, "bin"), path])
    return shutil.which(name, path=path)


def _jars_ready(lib: Path) -> bool:
    made_for = lib / POM.name
    return made_for.is_file() and made_for.read_bytes() == POM.read_bytes()


def fetch_jars(lib: Path) -> None:
    """Have Maven put the server's jars into `lib`, all or none, unless they are there for the present pom.xml."""
    with _locked(lib.with_name(f"{lib.name}.lock")):
        if _jars_ready(lib):
            return
        print("Maven fetches the jars of Neo4j (120 MB, once) ...", file=sys.stderr, flush=True)
        fresh = lib.with_name(f"{lib.name}.new")
        for leftover in (lib, fresh):
            shutil.rmtree(leftover, ignore_errors=True)
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={fresh.resolve()}", "-DincludeScope=runtime"]
        _call([_tool("mvn") or "mvn", "-q", "-B", "-f", str(POM), *goal], "Maven could not fetch the jars of Neo4j")
        shutil.copy(POM, fresh)
        fresh.rename(lib)


def _call(command: list[str], failure: str, **environment: str) -> None:
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ServerError(f"{failure}.\n{_last_lines(done.stdout + done.stderr)}")


def _last_lines(text: str, count: int = 15) -> str:
    return "\n".join(text.splitlines()[-count:])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        flock(file, LOCK_EX)
        yield


def _write_private(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
    fresh.replace(path)


def free_port() -> int:
    """A free loopback port that the system gives to no client.

    A port of the ephemeral range could be taken, while the server is down, by the very client that tries to reach it.
    """
    for port in random.sample(range(20000, 32000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ServerError("No free port between 20000 and 32000.")


def bolt_answers(port: int) -> bool:
    """Whether a server on this loopback port agrees to speak Bolt 5."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(_HANDSHAKE)
            return connection.recv(4).endswith(b"\x05")
    except OSError:
        return False


def store_url(password: str, port: int) -> str:
    """The value for RECHAIN_STORE."""
    return f"bolt://neo4j:{password}@127.0.0.1:{port}"


def process_birth(pid: int) -> str | None:
    """When this process started, in the kernel's ticks (Linux); None if there is none, or only its corpse."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()  # after the name: state, parent, ...
    except OSError:
        return None
    return fields[19] if fields[0] not in "ZX" else None


def parse_pid(text: str) -> tuple[int, str] | None:
    """The pid and birth that a pid file holds; None if it holds anything else."""
    pid, _, birth = text.strip().partition(" ")
    return (int(pid), birth) if pid.isascii() and pid.isdigit() and int(pid) > 1 and birth else None


class Neo4jServer:
    """One server and its home folder: data, logs, `password`, and, while it runs, `url` and `pid`.

    An object made for the home of a running server is attached to that server. The data outlive stop() and kill().
    """

    def __init__(
        self, home: Path, *, lib: Path | None = None, heap: str = "512m", pagecache: str = "64m", patience: float = 90
    ) -> None:
        """`lib` holds the jars (by default HOME/lib); `patience` is how many seconds start() waits for an answer."""
        self.home = home.resolve()
        self.lib = (lib or home / "lib").resolve()
        self.heap, self.pagecache, self.patience = heap, pagecache, patience
        self._child: subprocess.Popen[bytes] | None = None
        self._port = self._port_in_use()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process of this home's server; None when it does not run."""
        if self._child is not None and self._child.poll() is None:
            return self._child.pid
        try:
            known = parse_pid((self.home / "pid").read_text("ascii"))
        except (OSError, ValueError):
            return None
        return known[0] if known and process_birth(known[0]) == known[1] else None

    @property
    def port(self) -> int:
        """The port, kept while the server is down, so that clients find it again after restart()."""
        if self._port is None:
            raise ServerError("This server has not been started.")
        return self._port

    def _port_in_use(self) -> int | None:
        url = self.home / "url"
        return urlsplit(url.read_text("ascii")).port if self.pid and url.exists() else None

    @property
    def url(self) -> str:
        """The value for RECHAIN_STORE, password and all."""
        port = self.port
        return store_url((self.home / "password").read_text("ascii"), port)

    def start(self) -> bool:
        """Start the server and wait until it speaks Bolt; False if it ran already. Raises ServerError."""
        if missing := missing_tools(self.lib):
            raise ToolsMissing(f"Neo4j for tests needs Java 17 and Maven; not on this machine: {', '.join(missing)}.")
        fetch_jars(self.lib)
        for folder in ("conf", "tmp"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        with _locked(self.home / "lock"):
            if running := self._port_in_use():
                self._port = running
                return False
            self._end(signal.SIGKILL)  # one whose starter died before it was ready
            self._port = self._port or free_port()
            conf = _CONF.format(port=self._port, pagecache=self.pagecache)
            (self.home / "conf" / "neo4j.conf").write_text(conf, "ascii")
            if not (self.home / "data" / "databases").exists():
                self._set_password()
            try:
                self._launch()
            except BaseException:
                self._end(signal.SIGKILL)
                raise
            _write_private(self.home / "url", self.url)
            return True

    def stop(self, patience: float = 30) -> bool:
        """End this server and no other process: SIGTERM, then SIGKILL. False if it did not run."""
        with _locked(self.home / "lock"):
            return self._end(signal.SIGTERM, patience)

    def kill(self) -> bool:
        """End it by SIGKILL, as a power cut would. False if it did not run."""
        return self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it if it runs, and start it with the same data on the same port."""
        self.stop()
        self.start()

    def _set_password(self) -> None:
        password = secrets.token_hex(16)
        _write_private(self.home / "password", password)
        admin = [_tool("java") or "java", "-XX:TieredStopAtLevel=1", "-cp", f"{self.lib}/*", "org.neo4j.cli.AdminTool"]
        _call(
            [*admin, "dbms", "set-initial-password", password],
            "Neo4j did not take its first password",
            NEO4J_HOME=str(self.home),
            NEO4J_CONF=str(self.home / "conf"),
        )

    def _launch(self) -> None:
        options = [f"-Xmx{self.heap}", f"-Djava.io.tmpdir={self.home / 'tmp'}", *_JAVA, "-cp", f"{self.lib}/*"]
        folders = [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        (self.home / "logs" / "neo4j.log").unlink(missing_ok=True)  # so that _log() shows this start only
        with (self.home / "server.log").open("wb") as log:
            self._child = subprocess.Popen(
                [_tool("java") or "java", *options, "org.neo4j.server.CommunityEntryPoint", *folders],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home,
                start_new_session=True,  # Ctrl-C is for the starter; the server gets what the starter decides
            )  # fmt: skip
        _write_private(self.home / "pid", f"{self._child.pid} {process_birth(self._child.pid)}")
        deadline = time.monotonic() + self.patience
        while not bolt_answers(self.port):
            if self._child.poll() is not None:
                raise ServerError(f"Neo4j ended ({self._child.returncode}) before it answered.\n{self._log()}")
            if time.monotonic() > deadline:
                raise ServerError(f"Neo4j did not answer within {self.patience:g} s.\n{self._log()}")
            time.sleep(0.05)

    def _log(self) -> str:
        logs = (self.home / "server.log", self.home / "logs" / "neo4j.log")
        return "\n".join(_last_lines(log.read_text("utf-8", "replace")) for log in logs if log.exists()).strip()

    def _end(self, how: signal.Signals, patience: float = 30) -> bool:
        ran = False
        for signum in (how, signal.SIGKILL):
            if (pid := self.pid) is None:
                break
            ran = True
            os.kill(pid, signum)
            deadline = time.monotonic() + patience
            while self.pid and time.monotonic() < deadline:
                time.sleep(0.02)
        if self._child is not None:
            self._child.wait()
            self._child = None
        for name in ("url", "pid"):
            (self.home / name).unlink(missing_ok=True)
        return ran


class _Interrupted(BaseException):
    """A signal came while the server was starting."""


def run(command: list[str], server: Neo4jServer) -> int:
    """Run a command with RECHAIN_TEST_NEO4J set, and the server for as long; its exit code, 128 + N for signal N."""
    told: list[int] = []
    starting = True
    child: subprocess.Popen[bytes] | None = None

    def hear(signum: int, _: FrameType | None) -> None:
        told.append(signum)
        if len(told) > 1:  # the first one decides; none may come between the server and its end
            return
        if starting:
            raise _Interrupted
        if child is not None:  # no exception here: wait() could lose the exit code it has just collected
            _let_go(child, signum)

    for each in _SIGNALS:
        signal.signal(each, hear)
    code = 127
    try:
        server.start()
        starting = False
        if not told:
            child = subprocess.Popen(command, env=os.environ | {"RECHAIN_TEST_NEO4J": server.url})
            if told:
                _let_go(child, told[0])
            code = child.wait()
    except _Interrupted:
        pass
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    finally:
        starting = False
        server.kill()
        signal.alarm(0)
    if child is None and told:
        code = -told[0]
    return code if code >= 0 else 128 - code


def _let_go(child: subprocess.Popen[bytes], signum: int) -> None:
    """Make a command end. Ctrl-C it had from the terminal itself, others are passed on; then it has ten seconds."""
    signal.signal(signal.SIGALRM, lambda *_: child.kill())
    signal.alarm(10)
    if signum != signal.SIGINT:
        child.send_signal(signum)


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code."""
    parser = argparse.ArgumentParser(description="A real Neo4j without Docker, for development and tests only.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, what in (("start", "start the server"), ("stop", "end it"), ("run", "run a command beside a fresh one")):
        options = verbs.add_parser(verb, help=what)
        options.add_argument("--home", type=Path, default=Path(".neo4j"), help="folder of jars, data, url and pid")
        if verb != "stop":
            options.add_argument("--heap", default="512m", help="Java heap (default 512m)")
            options.add_argument("--pagecache", default="64m", help="page cache (default 64m)")
        if verb == "run":
            options.add_argument("command", nargs="+", help="the command, after --")
    given = parser.parse_args(arguments)
    try:
        if given.verb == "run":
            with tempfile.TemporaryDirectory(prefix="rechain-neo4j-") as home:
                lib = given.home / "lib"
                return run(given.command, Neo4jServer(Path(home), lib=lib, heap=given.heap, pagecache=given.pagecache))
        if given.verb == "stop":
            print("Neo4j stopped." if Neo4jServer(given.home).stop() else "Neo4j does not run.")
            return 0
        server, begun = Neo4jServer(given.home, heap=given.heap, pagecache=given.pagecache), time.monotonic()
        word = f"ready after {time.monotonic() - begun:.1f} s" if server.start() else "runs already"
        print(f"Neo4j {word}: pid {server.pid}, port {server.port}. RECHAIN_STORE=$(cat {given.home / 'url'})")
    except ServerError as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, ToolsMissing) else 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
