"""What is not death: a full disk, a database that does not answer. Both pass, and the server goes on by itself."""

import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from engines import psql
from rounds import Place, Torture


class FullDisk(Torture):
    """The disk of the data folder has no byte left, under load, then room again. Needs root: it mounts a tmpfs."""

    @staticmethod
    def place(folder: Path) -> Place:
        data = folder / "sqlite"
        data.mkdir(mode=0o700)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=160m,mode=700", "tongban", str(data)], check=True, timeout=20
        )
        return Place("sqlite", folder)

    def die(self, workers: list) -> None:
        heap = self.files.folder.parent / "heap"
        with open(heap, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * (1 << 20))
            except OSError:
                pass
            try:
                while True:
                    file.write(b"\0" * 512)
            except OSError:
                pass
        busy = sum(worker.busy for worker in workers)
        until = time.monotonic() + 10
        while sum(worker.busy for worker in workers) == busy and time.monotonic() < until:
            time.sleep(0.05)
        if sum(worker.busy for worker in workers) == busy:
            self.faults.append("with a full disk nobody was told 503")
        self.expect(503, "disk:")
        heap.unlink()
        self.goes_on(workers)

    def expect(self, status: int, words: str) -> None:
        """What /readyz says, and why."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.servers[0].port}/readyz", timeout=30) as answer:
                found, said = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            found, said = error.code, error.read().decode()
        if found != status or words not in said:
            self.faults.append(f"/readyz says {found}: {said!r}")

    def goes_on(self, workers: list) -> None:
        """Ready again and acknowledging again, without a restart."""
        began = time.monotonic()
        self.servers[0].ready(20)
        before = self.ledger.acknowledged()
        while self.ledger.acknowledged() == before and time.monotonic() < began + 30:
            time.sleep(0.05)
        if self.ledger.acknowledged() == before:
            self.faults.append("nothing is acknowledged any more")
        self.slowest = max(self.slowest, time.monotonic() - began)

    def close(self) -> None:
        super().close()
        folder = self.files.folder.parent
        if os.path.ismount(folder):
            subprocess.run(["umount", "-l", str(folder)], check=False, timeout=20)


class SlowDatabase(FullDisk):
    """PostgreSQL lets every statement on journals wait for 13 s."""

    @staticmethod
    def place(folder: Path) -> Place:
        return Place("postgres", folder)

    def die(self, workers: list) -> None:
        def hold() -> None:
            lock = "LOCK TABLE journal, draft IN ACCESS EXCLUSIVE MODE"
            psql(self.engine.url, f"BEGIN; {lock}; SELECT pg_sleep(13); COMMIT")

        holding = threading.Thread(target=hold)
        holding.start()
        # Every connection is busy waiting after a while.
        time.sleep(6)
        self.expect(503, "database:")
        holding.join()
        self.goes_on(workers)

    def close(self) -> None:
        Torture.close(self)
