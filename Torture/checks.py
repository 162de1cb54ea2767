"""What must hold after every restart: read from database and files, without the program's own code."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

from people import AREA

# The task that is open and the timers that run at each stage.
OPEN = {
    "received": ("accept", {"acceptance"}),
    "correcting": (None, {"correction"}),
    "accepted": ("review", {"promised", "statutory"}),
    "approving": ("approve", {"promised", "statutory"}),
    "approved": ("complete", {"promised", "statutory"}),
}
# Timers that end by themselves while the stage lasts: the applicant is reminded once.
PASSING = {"correcting": {"papers/reminder"}}

DOCUMENTS = {"accepted": "acceptance", "correction-requested": "correction", "approved": "approval"}
DOCUMENTS |= {"refused": "refusal", "completed": "delivery"}
MESSAGES = {"submitted": "submitted", "accepted": "accepted", "correction-requested": "correctionRequested"}
MESSAGES |= {"approved": "approved", "refused": "refused", "completed": "completed", "lapsed": "lapsed"}


def proceedings(engine) -> list[str]:
    """Every proceeding has the whole journal its version says, and every journal its proceeding."""
    faults = []
    journal = {
        (area, stream): (int(count), int(last))
        for area, stream, count, last in engine.rows(
            "SELECT area, stream, COUNT(*), MAX(seq) FROM journal GROUP BY area, stream"
        )
    }
    for area, stream, version in engine.rows("SELECT area, id, version FROM proceeding"):
        if journal.pop((area, stream), (0, 0)) != (int(version), int(version)):
            faults.append(f"{area} {stream}: version {version}, but another number of entries")
    faults += [f"{area} {stream}: a journal without a proceeding" for area, stream in journal]
    return faults


def cases(engine) -> list[str]:
    """A case has its row, task, timers, receipt, documents, party, look-ups, pointer and messages."""
    faults: list[str] = []
    # Letters are read before what they become, because a server may be carrying them out just now.
    letters = engine.rows(f"SELECT channel, dedup, payload, dead_at FROM outbox WHERE area = '{AREA}'")
    pointers = {one for (one,) in engine.rows(f"SELECT id FROM my_case WHERE case_area = '{AREA}'")}
    told: dict[str, Counter] = defaultdict(Counter)
    for stream, kind, count in engine.rows(
        f"SELECT stream, kind, COUNT(*) FROM message WHERE case_area = '{AREA}' GROUP BY stream, kind"
    ):
        told[stream][kind] += int(count)
    states = {stream: json.loads(state) for stream, state in engine.rows(
        f"SELECT id, state FROM proceeding WHERE area = '{AREA}' AND kind = 'case'")}
    rows = {one: (number, stage) for one, number, stage in engine.rows(
        f"SELECT id, number, stage FROM case_row WHERE area = '{AREA}'")}
    tasks, timers = grouped(engine, "task", "step"), grouped(engine, "timer", "name")
    documents = grouped(engine, "notice", "kind")
    parties = grouped(engine, "party", "role", "vault")
    lookups = grouped(engine, "lookup", "kind")
    parts = grouped(engine, "sealed_part", "slot", "vault")
    drafts = {one: number for one, number in engine.rows(f"SELECT id, number FROM draft WHERE area = '{AREA}'")}
    events = grouped(engine, "journal", "name")
    faults += [f"a dead letter: {channel} {dedup}" for channel, dedup, _, dead in letters if dead]
    waiting = {dedup for channel, dedup, *_ in letters if channel == "my-case"}
    to_tell: dict[str, set] = defaultdict(set)
    for channel, _, payload, _ in letters:
        if channel == "message":
            letter = json.loads(payload)
            to_tell[letter["stream"]].add(letter["kind"])

    numbers = Counter(number for number, _ in rows.values())
    faults += [f"{number}: {count} cases bear it" for number, count in numbers.items() if count > 1]
    for one in set(rows) ^ set(states):
        faults.append(f"{one}: a case row without a proceeding, or the other way round")
    for one, state in states.items():
        name, stage = f"{one} ({state['number']})", state["stage"]
        if rows.get(one) != (state["number"], stage):
            faults.append(f"{name}: the row says {rows.get(one)}, the state {stage}")
        if drafts.get(one) != state["number"]:
            faults.append(f"{name}: its draft bears the number {drafts.get(one)!r}")
        step, running = OPEN.get(stage, (None, set()))
        if tasks[one] != Counter([step] if step else []):
            faults.append(f"{name}: {stage} with the tasks {dict(tasks[one])}")
        if not running <= set(timers[one]) <= running | PASSING.get(stage, set()) or any(count > 1 for count in timers[one].values()):
            faults.append(f"{name}: {stage} with the timers {dict(timers[one])}")
        if set(parties[one]) < {"applicant"} or not {"name", "phone", "id", "query-code"} <= set(lookups[one]):
            faults.append(f"{name}: party {dict(parties[one])}, look-ups {dict(lookups[one])}")
        expected = Counter({"receipt": 1})
        for event, document in DOCUMENTS.items():
            if events[one][event] and not (event == "accepted" and state["deemed"]):
                expected[document] += events[one][event]
        if documents[one] != expected:
            faults.append(f"{name}: the documents {dict(documents[one])}, expected {dict(expected)}")
        for notice in state["notices"]:
            if f"notice/{notice['id']}" not in parts[one]:
                faults.append(f"{name}: the document {notice['id']} has no content")
        if state["form"]["slot"] not in parts[one] or "draft" in parts[one]:
            faults.append(f"{name}: its answers are not where they belong")
        if one not in pointers and one not in waiting:
            faults.append(f"{name}: its owner's list does not know it")
        for event, kind in MESSAGES.items():
            have = told[one][f"cases.{kind}"]
            if have > events[one][event] or (events[one][event] and not have and f"cases.{kind}" not in to_tell[one]):
                faults.append(f"{name}: {events[one][event]} × {event}, but {have} messages")
        if any(count > 1 for event, count in events[one].items()):
            faults.append(f"{name}: happened twice: {dict(events[one])}")
    for one in (set(tasks) | set(timers)) - set(states):
        if tasks[one] or timers[one]:
            faults.append(f"{one}: tasks or timers of no case")
    return faults


def series(engine) -> list[str]:
    """Numbers of documents 文号 have neither gaps nor doubles."""
    faults = []
    found: dict[str, list[int]] = defaultdict(list)
    for (number,) in engine.rows(f"SELECT number FROM notice WHERE area = '{AREA}' AND number IS NOT NULL"):
        head, _, rest = number.partition("〕")
        found[head].append(int(rest.removesuffix("号")))
    for head, numbers in found.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            faults.append(f"{head}〕: {len(numbers)} documents, the last bears {max(numbers)}")
    return faults


class Files:
    """The folder of files against the rows: no row without whole bytes; bytes without a row only until the sweep."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.good: set[str] = set()

    def check(self, engine) -> tuple[list[str], int]:
        faults = []
        addresses = {address: one for one, address in engine.rows("SELECT id, address FROM stored_file")}
        there = {file.name for file in self.folder.glob("??/*")}
        for address in addresses.keys() - there:
            faults.append(f"the file {addresses[address]} has a row and no bytes")
        for address in there - self.good:
            content = (self.folder / address[:2] / address).read_bytes()
            if hashlib.sha256(content).hexdigest() != address:
                faults.append(f"the bytes of {address} are not whole")
            self.good.add(address)
        return faults, len(there - addresses.keys())


def grouped(engine, table: str, column: str, stream: str = "stream") -> dict[str, Counter]:
    found: dict[str, Counter] = defaultdict(Counter)
    for one, value, count in engine.rows(
        f"SELECT {stream}, {column}, COUNT(*) FROM {table} WHERE area = '{AREA}' GROUP BY {stream}, {column}"
    ):
        found[one][value] += int(count)
    return found
