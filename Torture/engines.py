"""The two databases under the program: asked directly, killed and brought back."""

import csv
import io
import os
import secrets
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent


class SQLite:
    """The embedded database of a data folder."""

    name = "sqlite"
    url: str | None = None

    def __init__(self, data: Path):
        self.path = data / "tongban.sqlite"

    def rows(self, query: str) -> list[tuple]:
        with sqlite3.connect(self.path, timeout=30) as link:
            return [tuple(map(text, row)) for row in link.execute(query)]

    def run(self, statement: str) -> None:
        link = sqlite3.connect(self.path, timeout=30)
        try:
            link.execute(statement)
            link.commit()
        finally:
            link.close()

    def close(self) -> None:
        pass


class Postgres:
    """A database on a throw-away server of Scripts/postgres.sh, which belongs to this run alone."""

    name = "postgres"

    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = os.environ | {"TONGBAN_POSTGRES_DIR": str(folder)}
        server = self.script("start").strip()
        self.database = f"tongban_torture_{secrets.token_hex(4)}"
        psql(server, f'CREATE DATABASE "{self.database}"')
        parts = urlsplit(server)
        self.url = urlunsplit((parts.scheme, parts.netloc, f"/{self.database}", parts.query, ""))

    def script(self, word: str) -> str:
        done = subprocess.run(
            [str(ROOT / "Scripts" / "postgres.sh"), word],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode != 0:
            raise RuntimeError(f"postgres.sh {word}: {done.stderr[-2000:]}")
        return done.stdout

    def rows(self, query: str) -> list[tuple]:
        out = psql(self.url, query, "--csv", "--tuples-only")
        return [tuple(row) for row in csv.reader(io.StringIO(out))]

    def run(self, statement: str) -> None:
        psql(self.url, statement)

    def kill(self) -> None:
        """Ends the postmaster and every process of this server at once, as a power cut would."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        own = [postmaster, *children(postmaster)]
        for process in own:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + 10
        while any(alive(process) for process in own) and time.monotonic() < deadline:
            time.sleep(0.01)

    def resume(self) -> None:
        self.script("resume")

    def close(self) -> None:
        self.script("stop")


def text(value) -> str:
    return "" if value is None else str(value)


def psql(url: str, statement: str, *options: str) -> str:
    done = subprocess.run(
        ["psql", url, "-X", "-q", "-v", "ON_ERROR_STOP=1", *options, "-c", statement],
        capture_output=True,
        text=True,
        timeout=120,
    )
    if done.returncode != 0:
        raise RuntimeError(f"psql: {done.stderr[-2000:]}\n{statement}")
    return done.stdout


def children(parent: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
