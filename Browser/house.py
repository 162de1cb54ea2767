"""The program under test: its command line, and a server of its own on a free port."""

import os
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
AREA = "510106"
PASSWORD = "tongban-demo-2026"
# Coverage runs and packagers name their own program; otherwise the debug build is tested.
SHARED = Path(os.environ.get("TONGBAN_SHARED") or ROOT.parent / "shared")


def program() -> Path:
    """The program: TONGBAN_BIN, or what `swift build` made."""
    if given := os.environ.get("TONGBAN_BIN"):
        return Path(given)
    folder = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()
    return Path(folder) / "tongban"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """A data folder with demonstration data, and the server on it."""

    def __init__(self, binary: Path, database: str | None = None):
        self.binary = binary
        self.database = database
        self.folder = tempfile.TemporaryDirectory(prefix="tongban-browser-")
        self.data = Path(self.folder.name) / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        self.states: dict[str, dict] = {}

    def address(self, path: str = "/") -> str:
        """`/my/cases` in the district's part of the site."""
        return f"{self.url}/{AREA}{path}"

    def run(self, *words: str, timeout: float = 300, stdin: str | None = None) -> subprocess.CompletedProcess:
        """A subcommand on this data folder and database."""
        place = ["--data", str(self.data)] + (["--database", self.database] if self.database else [])
        return self.bare(*words, *place, timeout=timeout, stdin=stdin)

    def bare(self, *words: str, timeout: float = 300, stdin: str | None = None) -> subprocess.CompletedProcess:
        """A subcommand as it is written."""
        environment = {
            name: value for name, value in os.environ.items() if name not in ("TONGBAN_DATA", "TONGBAN_DATABASE")
        }
        return subprocess.run(
            [str(self.binary), *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            input=stdin,
        )

    def prepare(self) -> None:
        done = self.run("demo", "--empty", "--log", "warning")
        assert done.returncode == 0, f"tongban demo ended with {done.returncode}:\n{done.stderr[-3000:]}"

    def start(self, *more: str, log: str = "warning") -> None:
        words = [
            str(self.binary),
            "serve",
            "--demo",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            "--log",
            log,
            *more,
        ]
        if self.database:
            words += ["--database", self.database]
        self.log = open(Path(self.folder.name) / "serve.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(words, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.said()}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the server is not ready after 60 s:\n{self.said()}")

    def stop(self) -> int:
        """Ends exactly this server and says how it ended."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        code = self.process.returncode
        self.process = None
        self.log.close()
        return code

    def said(self) -> str:
        """The end of the server's log."""
        path = Path(self.folder.name) / "serve.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def close(self) -> None:
        self.stop()
        self.folder.cleanup()


class Scratch:
    """A PostgreSQL database for one run, made and dropped through psql."""

    def __init__(self, server: str):
        self.server = server
        self.name = f"tongban_browser_{secrets.token_hex(4)}"
        self.sql(f'CREATE DATABASE "{self.name}"')
        parts = urlsplit(server)
        self.url = urlunsplit((parts.scheme, parts.netloc, f"/{self.name}", parts.query, ""))

    def sql(self, statement: str) -> None:
        subprocess.run(
            ["psql", self.server, "-q", "-v", "ON_ERROR_STOP=1", "-c", statement],
            check=True,
            capture_output=True,
            timeout=60,
        )

    def drop(self) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
