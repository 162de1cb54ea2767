"""The program under torture: its subcommands, and servers that can be killed."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def binary() -> Path:
    """TONGBAN_BIN, or what `swift build` made."""
    if given := os.environ.get("TONGBAN_BIN"):
        return Path(given)
    done = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    return Path(done.stdout.strip()) / "tongban"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """The program on one data folder and one database."""

    def __init__(self, path: Path, data: Path, database: str | None):
        self.path = path
        self.place = ["--data", str(data)] + (["--database", database] if database else [])
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("TONGBAN_DATA", "TONGBAN_DATABASE")
        }

    def run(self, *words: str, timeout: float = 600) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self.path), *words, *self.place],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def expect(self, *words: str) -> str:
        done = self.run(*words)
        if done.returncode != 0:
            said = (done.stdout + done.stderr)[-4000:]
            raise RuntimeError(f"tongban {' '.join(words)} ended with {done.returncode}:\n{said}")
        return done.stdout


class Server:
    """`tongban serve` on a port of its own."""

    def __init__(self, program: Program, log: Path):
        self.program = program
        self.port = free_port()
        self.log = log
        self.process: subprocess.Popen | None = None

    def start(self, wait: bool = True) -> None:
        words = [str(self.program.path), "serve", "--demo", "--port", str(self.port), "--log", "error"]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                words + self.program.place, cwd=ROOT, env=self.program.environment, stdout=log, stderr=log
            )
        if wait:
            self.ready()

    def status(self) -> int:
        """What /readyz says; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ready(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"the server ended by itself:\n{self.said()}")
            if self.status() == 200:
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server is not ready after {seconds} s:\n{self.said()}")

    def kill(self) -> None:
        """SIGKILL, to this process only."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.exists() else ""
