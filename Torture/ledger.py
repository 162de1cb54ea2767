"""What the server acknowledged, as its callers remember it; and what was under way when it died."""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

STAGES = {
    "accept": "accepted",
    "review": "approving",
    "approve": "approved",
    "complete": "completed",
    "refuse": "refused",
    "correction": "correcting",
}


@dataclass
class Draft:
    """An application as its owner knows it."""

    id: str
    owner: str
    sections: dict[str, dict] = field(default_factory=dict)
    # File id → (material, SHA-256 of what was sent)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    number: str | None = None
    # Acts that were sent and not answered.
    unknown: set[str] = field(default_factory=set)


@dataclass
class Case:
    """A case as those who act on it know it."""

    number: str
    draft: Draft
    stage: str = "received"
    # The stage an unanswered act would have led to.
    maybe: str | None = None
    acts: int = 0
    # Its limit is made to run out; no officer touches it.
    left_to_time: bool = False
    fell_due: str | None = None


class Ledger:
    """Everything acknowledged, in memory and as lines in a file."""

    def __init__(self, path: Path):
        self.lock = threading.Lock()
        self.drafts: dict[str, Draft] = {}
        self.cases: dict[str, Case] = {}
        # Touched since the last check.
        self.fresh: set[str] = set()
        self.counts: dict[str, int] = {}
        self.answers: list[tuple[str, str, str, dict, dict]] = []
        self.file = open(path, "a", encoding="utf-8")

    def note(self, kind: str, **facts) -> None:
        """One acknowledged act, with the lock held or not yet shared."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.file.write(json.dumps({"kind": kind} | facts, ensure_ascii=False) + "\n")
        self.file.flush()

    def waiting(self, stage: str) -> Case | None:
        """Some case that stands at a stage, taken out of the others' sight until it is given back."""
        with self.lock:
            for case in self.cases.values():
                if case.stage == stage and not case.maybe and not case.left_to_time:
                    case.maybe = stage
                    return case
        return None

    def acknowledged(self) -> int:
        return sum(self.counts.values())
