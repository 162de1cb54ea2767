"""kill -9 at random moments under load; after every restart nothing acknowledged is missing and nothing is half done.

    torture.py [--rounds 50] [--modes sqlite,postgres,database,pair] [--seconds 2.5] [--seed N]

Modes: `sqlite` and `postgres` kill the server; `database` kills PostgreSQL under a server that stays; `pair` runs two
servers on one PostgreSQL and kills one of them; `full` fills the disk (root only) and `slow` locks
tables, a round each. Ends with 1 where anything was lost, half done or done twice.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from hardships import FullDisk, SlowDatabase
from rounds import Place, Torture


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--modes", default="sqlite,postgres,database,pair,slow,full")
    parser.add_argument("--seconds", type=float, default=2.5, help="how long a round's load lasts at most")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", action="store_true", help="keep data, ledgers and logs")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    random.seed(seed)
    folder = Path(tempfile.mkdtemp(prefix="tongban-torture-"))
    # PostgreSQL does not run as root and has a folder of its own below.
    folder.chmod(0o755)
    (folder / "small").mkdir()
    print(f"torture: {options.rounds} rounds each of {options.modes}, seed {seed}, in {folder}", flush=True)
    lines, failed = [], False
    places: dict[str, Place] = {}
    try:
        for mode in options.modes.split(","):
            line, faults = one(mode, folder, places, options)
            lines.append(line)
            failed = failed or bool(faults)
    finally:
        for place in places.values():
            place.engine.close()
    print("\n".join(lines))
    if failed or options.keep:
        print(f"Everything is kept in {folder}; the same again: --seed {seed}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


def one(mode: str, folder: Path, places: dict[str, Place], options) -> tuple[str, list[str]]:
    """One mode from its start to its line in the summary."""
    began = time.monotonic()
    name = {"sqlite": "sqlite", "full": "full"}.get(mode, "postgres")
    kind = {"full": FullDisk, "slow": SlowDatabase}.get(mode, Torture)
    if mode == "full" and os.geteuid() != 0:
        return "full: left out, because only root can mount a small disk", []
    if name not in places:
        places[name] = FullDisk.place(folder / "small") if mode == "full" else Place(name, folder)
    torture = kind(mode, places[name], options.seconds)
    try:
        torture.run(1 if kind is not Torture else options.rounds)
    except RuntimeError as error:
        torture.faults.append(str(error))
    finally:
        torture.close()
    for fault in torture.faults[:40]:
        print(f"  FAULT {fault}")
    extra = f", back after {torture.slowest:.1f} s" if torture.slowest else ""
    line = (
        f"{mode}: {torture.rounds} rounds, {torture.counts()}, {torture.fired} limits fell due, {torture.busy} × 503, "
        f"{torture.spare} files without row until the sweep{extra}, {len(torture.faults)} faults, "
        f"{time.monotonic() - began:.0f} s"
    )
    return line, torture.faults


if __name__ == "__main__":
    sys.exit(main())
