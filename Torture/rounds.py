"""One way to die, and what is looked at afterwards."""

import hashlib
import random
import time
from pathlib import Path

import checks
from engines import Postgres, SQLite
from ledger import Case, Draft, Ledger
from people import AREA, OFFICERS, Applicant, Busy, Caller, Gone, Officer, Wrong
from program import Program, Server, binary

RESIDENTS = ["13800000001", "13800000002"]


class Place:
    """A data folder and a database with demonstration data, and what was acknowledged there."""

    def __init__(self, name: str, folder: Path):
        self.folder = folder
        data = folder / name
        self.engine = SQLite(data) if name == "sqlite" else Postgres(folder / "postgres-server")
        self.program = Program(binary(), data, self.engine.url)
        self.program.expect("demo", "--empty", "--log", "error")
        self.ledger = Ledger(folder / f"{name}.jsonl")
        self.files = checks.Files(data / "files")


class Torture:
    """One mode: a program, a database, people, and rounds of death."""

    def __init__(self, mode: str, place: Place, seconds: float):
        self.mode = mode
        self.seconds = seconds
        self.engine, self.program = place.engine, place.program
        self.ledger, self.files = place.ledger, place.files
        self.before = dict(self.ledger.counts)
        count = 2 if mode == "pair" else 1
        self.servers = [Server(self.program, place.folder / f"{mode}-{number}.log") for number in range(count)]
        self.people: dict[str, Caller] = {}
        self.faults: list[str] = []
        self.spare = self.slowest = self.busy = self.fired = self.rounds = 0

    def run(self, rounds: int) -> None:
        for server in self.servers:
            server.start()
        for who in RESIDENTS + list(OFFICERS.values()):
            self.people[who] = Caller(self.servers[0].port)
            self.people[who].sign_in(who)
        for number in range(1, rounds + 1):
            before = self.ledger.acknowledged()
            self.round()
            self.rounds = number
            print(
                f"{self.mode} {number}/{rounds}: {self.ledger.acknowledged() - before} acknowledged, "
                f"{len(self.ledger.cases)} cases, {self.fired} limits fell due, {len(self.faults)} faults",
                flush=True,
            )
            if self.faults:
                return

    def round(self) -> None:
        workers = self.workers()
        for worker in workers:
            worker.start()
        moment = random.uniform(0.05, self.seconds)
        time.sleep(moment * random.random())
        due = self.let_limits_run_out()
        time.sleep(moment * random.random())
        self.die(workers)
        for worker in workers:
            worker.over.set()
        for worker in workers:
            worker.join(90)
            if worker.is_alive():
                self.faults.append(f"{type(worker).__name__} never got an answer")
            self.faults += worker.wrongs
            self.busy += worker.busy
        self.check(due)

    def workers(self) -> list:
        def callers(who: str) -> list[Caller]:
            known = self.people[who]
            made = [Caller(server.port, known.cookies, known.csrf) for server in self.servers]
            random.shuffle(made)
            return made

        stays = self.mode not in ("sqlite", "postgres")
        applicants = [Applicant(self.ledger, callers(who), stays, who) for who in RESIDENTS * 3]
        return applicants + [Officer(self.ledger, callers(who), stays, act) for act, who in OFFICERS.items()]

    # -- death

    def die(self, workers: list) -> None:
        if self.mode == "database":
            self.database_dies(workers)
            return
        victim = random.choice(self.servers)
        victim.kill()
        if self.mode == "pair":
            # The other one serves on.
            before = self.ledger.acknowledged()
            deadline = time.monotonic() + 20
            while self.ledger.acknowledged() == before and time.monotonic() < deadline:
                time.sleep(0.05)
            if self.ledger.acknowledged() == before:
                self.faults.append("with one of two servers killed the other acknowledges nothing")
            victim.start()
            return
        while random.random() < 0.3:
            # Dies again while it comes up.
            victim.start(wait=False)
            time.sleep(random.uniform(0.05, 1.0))
            victim.kill()
        if random.random() < 0.5:
            self.verify()
        victim.start()

    def database_dies(self, workers: list) -> None:
        self.engine.kill()
        server = self.servers[0]
        answers = {server.status() for _ in range(2)}
        time.sleep(random.uniform(0, 1))
        if answers != {503}:
            self.faults.append(f"/readyz says {answers} while the database is gone")
        self.engine.resume()
        began = time.monotonic()
        server.ready(30)
        self.slowest = max(self.slowest, time.monotonic() - began)

    # -- limits

    def let_limits_run_out(self) -> list[Case]:
        """Some limits end within a second: the machine's clock cannot be moved, so the rows are."""
        with self.ledger.lock:
            left = [
                case
                for case in self.ledger.cases.values()
                if case.left_to_time and not case.fell_due and not case.maybe
            ]
        chosen = random.sample(left, min(len(left), 6))
        for case in chosen:
            case.fell_due = "acceptance" if case.stage == "received" else "correction"
            at = int(time.time() * 1000) + random.randint(0, 1500)
            self.engine.run(
                f"UPDATE timer SET due_at = {at}, next_at = {at} WHERE area = '{AREA}' AND stream = '{case.draft.id}'"
            )
        return chosen

    def wait_for_limits(self) -> None:
        waiting = f"SELECT COUNT(*) FROM timer WHERE next_at <= {int(time.time() * 1000) + 1500}"
        deadline = time.monotonic() + 30
        while self.engine.rows(waiting)[0][0] != "0":
            if time.monotonic() > deadline:
                self.faults.append("limits fell due and nothing happened within 30 s")
                return
            time.sleep(0.1)

    # -- afterwards

    def check(self, due: list[Case]) -> None:
        self.wait_for_limits()
        try:
            self.acknowledged()
        except (Gone, Busy, Wrong) as error:
            self.faults.append(f"after the restart: {error!r}")
        for case in due:
            self.fell_due(case)
        self.faults += checks.proceedings(self.engine) + checks.cases(self.engine) + checks.series(self.engine)
        faults, self.spare = self.files.check(self.engine)
        self.faults += faults
        self.verify()

    def verify(self) -> None:
        done = self.program.run("verify", "--log", "error")
        if done.returncode != 0:
            self.faults.append(f"verify ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")

    def caller(self, who: str) -> Caller:
        known = self.people[who]
        return Caller(self.servers[0].port, known.cookies, known.csrf)

    def acknowledged(self) -> None:
        """Everything touched since the last check is as it was answered, or as an unanswered act would have made it."""
        owners = {who: self.caller(who) for who in RESIDENTS}
        office = self.caller(OFFICERS["accept"])
        fresh, self.ledger.fresh = self.ledger.fresh, set()
        for one in sorted(fresh):
            draft = self.ledger.drafts[one]
            if draft.number is None and "submit" in draft.unknown:
                self.find_number(owners[draft.owner], draft)
            if draft.number is None:
                self.draft_holds(owners[draft.owner], draft)
            else:
                self.case_holds(office, owners[draft.owner], self.ledger.cases[draft.number])
            draft.unknown.clear()
        for owner, path, key, body, answer in self.ledger.answers[-5:]:
            again = owners[owner].call("POST", path, body, key=key)
            if again != answer:
                self.faults.append(f"{path}: the same call was answered {answer} and then {again}")
        for caller in [*owners.values(), office]:
            caller.close()

    def find_number(self, owner: Caller, draft: Draft) -> None:
        """The submission was under way: submitting again gives the number there is, or the first one."""
        body = owner.call("POST", f"/my/drafts/{draft.id}/submit", {"truth": True})
        again = owner.call("POST", f"/my/drafts/{draft.id}/submit", {"truth": True})
        if again["number"] != body["number"]:
            self.faults.append(f"{draft.id} was submitted as {body['number']} and as {again['number']}")
        draft.number = body["number"]
        self.ledger.cases[draft.number] = Case(draft.number, draft)

    def draft_holds(self, owner: Caller, draft: Draft) -> None:
        body = owner.call("GET", f"/my/drafts/{draft.id}")
        for section, values in draft.sections.items():
            for name, value in values.items():
                if not same(body["form"].get(name), value):
                    self.faults.append(f"{draft.id}: {section}.{name} is {body['form'].get(name)}, not {value}")
        self.files_hold(draft, body["files"])
        if body["files"] and random.random() < 0.3:
            file = random.choice(body["files"])
            self.whole(owner, f"/my/drafts/{draft.id}/files/{file['id']}", file["sha256"])

    def case_holds(self, office: Caller, owner: Caller, case: Case) -> None:
        body = office.call("GET", f"/cases/{case.number}")
        possible = {case.stage} | ({case.maybe} if case.maybe else set())
        if case.fell_due:
            possible = {"accepted" if case.fell_due == "acceptance" else "lapsed", "withdrawn"}
        if body["stage"] not in possible:
            self.faults.append(f"{case.number} is {body['stage']}, acknowledged was {possible}")
        case.stage, case.maybe = body["stage"], None
        self.files_hold(case.draft, body["files"])
        own = owner.call("GET", f"/my/cases/{case.number}")
        if own["stage"] != body["stage"]:
            self.faults.append(f"{case.number}: the owner sees {own['stage']}, the office {body['stage']}")
        if random.random() < 0.2:
            receipt = next(notice for notice in own["notices"] if notice["kind"] == "receipt")
            self.whole(owner, f"/my/cases/{case.number}/notices/{receipt['id']}", None)
        if body["files"] and random.random() < 0.2:
            file = random.choice(body["files"])
            self.whole(owner, f"/my/cases/{case.number}/files/{file['id']}", file["sha256"])

    def files_hold(self, draft: Draft, files: list[dict]) -> None:
        there = {file["id"]: (file["material"], file["sha256"]) for file in files}
        for one, file in draft.files.items():
            if there.get(one) != file:
                self.faults.append(f"{draft.id}: the file {one} ({file[0]}) was acknowledged and is not there")
        strange = {material for one, (material, _) in there.items() if one not in draft.files} - draft.unknown
        if strange:
            self.faults.append(f"{draft.id}: files nobody sent: {strange}")

    def whole(self, caller: Caller, path: str, digest: str | None) -> None:
        status, _, content = caller.send("GET", f"/api/v1/areas/{AREA}{path}")
        if status != 200 or not content.startswith(b"%PDF"):
            self.faults.append(f"{path}: {status}, {len(content)} bytes")
        elif digest and hashlib.sha256(content).hexdigest() != digest:
            self.faults.append(f"{path}: other bytes than were sent")

    def fell_due(self, case: Case) -> None:
        """The limit took effect once, whatever died meanwhile."""
        name = "accepted" if case.fell_due == "acceptance" else "lapsed"
        rows = self.engine.rows(
            f"SELECT COUNT(*) FROM journal WHERE area = '{AREA}' AND stream = '{case.draft.id}' AND name = '{name}'"
        )
        self.fired += 1
        if rows[0][0] != "1":
            self.faults.append(f"{case.number}: its limit ({case.fell_due}) took effect {rows[0][0]} times")
        with self.ledger.lock:
            case.stage = {"accepted": "accepted", "lapsed": "lapsed"}[name]

    def counts(self) -> str:
        """What was acknowledged in this mode."""
        done = {kind: count - self.before.get(kind, 0) for kind, count in sorted(self.ledger.counts.items())}
        return ", ".join(f"{count} {kind}s" for kind, count in done.items())

    def close(self) -> None:
        for server in self.servers:
            server.kill()


def same(there, sent) -> bool:
    """Numbers may come back as numbers or as their text; what was not sent may be there too."""
    if isinstance(sent, dict):
        return isinstance(there, dict) and all(same(there.get(name), value) for name, value in sent.items())
    if isinstance(sent, list):
        return isinstance(there, list) and len(there) == len(sent) and all(map(same, there, sent))
    return there == sent or str(there) == str(sent)
