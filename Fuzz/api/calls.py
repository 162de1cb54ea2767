"""Calls made up from the description of the API, by every kind of caller: no fault, and nothing that is not described.

    calls.py [--calls 20000] [--databases sqlite,postgres] [--callers nobody,13800000001,…] [--short] [--seed N]

Ends with 1 where schemathesis found anything. --short is for every run of the tests: a few calls of every operation.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from objects import AREA, BODIES, ITEM, MATERIALS, ROOT, SECTIONS, Maker, Who

from house import House, Scratch, program  # noqa: I001  (objects.py says where it lies)
from people import ANSWERS

HERE = Path(__file__).resolve().parent
# What a call of the description's operations needs to mean something.
MEANT = BODIES | {
    "accept": {},
    "approve": {},
    "claim": {},
    "assign": {"person": None},
    "drafts": {"answers": ANSWERS},
    "answers": {"answers": ANSWERS},
    "submit": {"truth": True},
    "withdraw": {"reason": "不办了"},
    "send-back": {"reason": "请再核实"},
    "refuse": {"facts": "现场与图纸不符", "basis": "《行政许可法》第三十八条", "reason": "不符合条件"},
    "decline": {"reason": "不属于本机关职权", "referTo": "市场监管部门"},
    "not-needed": {"reason": "依法不需要取得许可"},
    "supplement": {"answers": {}, "values": {}},
    "rating": {"grade": "satisfied"},
}


class Run:
    """Everybody's calls on one database."""

    def __init__(self, database: str, options, seed: int):
        self.database = database
        self.options = options
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.failed = False

    def all(self, house: House, calls: int) -> None:
        maker = Maker(house)
        callers = maker.callers()
        if self.options.callers:
            callers = [who for who in callers if who.name in self.options.callers.split(",")]
        examples = 3 if self.options.short else 15
        while True:
            for who in callers:
                self.one(house, maker, who, examples)
            done = self.total()
            if self.options.short or done >= calls:
                return
            # The rest by more examples, another seed.
            examples = max(4, int(examples * min(8, (calls - done) / max(1, done) * 1.3)))
            self.seed += 1

    def total(self) -> int:
        return sum(count for status, count in self.counts.items() if status.isdigit())

    def one(self, house: House, maker: Maker, who: Who, examples: int) -> None:
        with tempfile.TemporaryDirectory(prefix="tongban-calls-") as folder:
            given, counted = Path(folder) / "objects.json", Path(folder) / "counts.json"
            given.write_text(
                json.dumps(
                    {
                        "objects": vars(maker.objects()),
                        "area": AREA,
                        "item": ITEM,
                        "sections": SECTIONS,
                        "materials": MATERIALS,
                        "bodies": MEANT,
                        "seed": self.seed,
                    }
                )
            )
            words = [
                str(Path(sys.executable).parent / "schemathesis"),
                f"--config-file={HERE / 'schemathesis.toml'}",
                "run",
                f"{house.url}/api/v1/openapi.json",
                f"--url={house.url}",
                "--checks=all",
                f"--phases={'fuzzing' if self.options.short else 'examples,coverage,fuzzing,stateful'}",
                f"--max-examples={examples}",
                f"--seed={self.seed}",
                "--continue-on-failure",
                "--suppress-health-check=all",
                "--request-timeout=20",
                "--no-shrink",
                "--generation-database=none",
                "--warnings=off",
                "--no-color",
                "--output-sanitize=true",
                f"--generation-with-security-parameters={str(not who.headers).lower()}",
            ]
            if who.operations:
                words.append(f"--include-operation-id-regex=^({'|'.join(who.operations)})$")
            for name, value in who.headers.items():
                words += ["-H", f"{name}:{value}"]
            environment = os.environ | {
                "SCHEMATHESIS_HOOKS": "hooks",
                "PYTHONPATH": str(HERE),
                "TONGBAN_FUZZ_OBJECTS": str(given),
                "TONGBAN_FUZZ_COUNTS": str(counted),
            }
            began = time.monotonic()
            done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
            counts = json.loads(counted.read_text()) if counted.exists() else {}
        self.counts.update(counts)
        number = sum(count for status, count in counts.items() if status.isdigit())
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()) if status.isdigit())
        print(
            f"{self.database} {who.name}: {number} calls in {time.monotonic() - began:.0f} s ({answers})", flush=True
        )
        if done.returncode != 0 or number == 0:
            self.failed = True
            print(done.stdout[-20_000:] + done.stderr[-4000:], flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20_000, help="at least so many in all")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--callers", default="", help="only these")
    parser.add_argument("--short", action="store_true", help="a few calls of every operation")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 31)
    databases = options.databases.split(",")
    print(f"calls: seed {seed}", flush=True)
    failed, total, lines = False, 0, []
    for name in databases:
        scratch = Scratch(os.environ["TONGBAN_TEST_POSTGRES"]) if name == "postgres" else None
        house = House(program(), scratch.url if scratch else None)
        run = Run(name, options, seed)
        try:
            house.prepare()
            house.start()
            run.all(house, options.calls // len(databases))
            code = house.stop()
            if code != 0:
                run.failed = True
                print(f"the server ended with {code}:\n{house.said()}")
        finally:
            house.close()
            if scratch:
                scratch.drop()
        failed, total = failed or run.failed, total + run.total()
        reached = sum(1 for label in run.counts if label[0].isalpha() and label.endswith((" 200", " 201", " 204")))
        lines.append(f"{name}: {run.total()} calls, {reached} operations carried out, {'FAULTS' if run.failed else 'no fault'}")
    print("\n".join(lines))
    print(f"calls: {total} in all, {'faults' if failed else 'no fault'}, seed {seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
