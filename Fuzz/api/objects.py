"""Who calls, and what there is to call about: drafts, cases at every stage, files and notices, made over the API itself."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "Browser"), str(ROOT / "Torture")]

from house import AREA, House  # noqa: E402
from people import ANSWERS, ITEM, MATERIALS, OFFICERS, SECTIONS, Caller, paper  # noqa: E402

OWNER, OTHER = "13800000001", "13800000002"
STAFF = ["demo.clerk", "demo.reviewer", "demo.approver", "demo.supervisor", "demo.admin"]
# How far a case is brought, and by which acts.
ROADS = {
    "received": [],
    "correcting": ["correction"],
    "accepted": ["accept"],
    "approving": ["accept", "review"],
    "approved": ["accept", "review", "approve"],
    "completed": ["accept", "review", "approve", "complete"],
}
POINT = {"target": "material", "ref": "layout", "problem": "看不清", "fix": "重新拍照"}
BODIES = {
    "correction": {"points": [POINT], "days": 5},
    "review": {"opinion": "符合条件"},
    "complete": {"delivery": "electronic"},
}


@dataclass
class Objects:
    """Ids that stand for something, by the name of their place in a path."""

    number: list[str] = field(default_factory=list)
    draft: list[str] = field(default_factory=list)
    file: list[str] = field(default_factory=list)
    notice: list[str] = field(default_factory=list)


@dataclass
class Who:
    """A caller as schemathesis is told of him."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)
    # Ids of the operations he calls; none: all of them, also those he may not.
    operations: list[str] = field(default_factory=list)


class Maker:
    """Signs everybody in and brings cases to every stage."""

    def __init__(self, house: House):
        self.house = house
        self.people: dict[str, Caller] = {}

    def person(self, name: str) -> Caller:
        if name not in self.people:
            caller = Caller(self.house.port)
            caller.sign_in(name)
            self.people[name] = caller
        return self.people[name]

    def callers(self) -> list[Who]:
        """Nobody, another resident and a system that may little try everything; the others what they are there for."""
        access = self.access()
        own = [name for name, who in access.items() if who in ("resident", "open")]
        office = [name for name, who in access.items() if "." in who]
        found = [Who("nobody")]
        for name in [OWNER, OTHER, *STAFF]:
            person = self.person(name)
            cookies = "; ".join(f"{key}={value}" for key, value in person.cookies.items())
            operations = {OWNER: own, OTHER: []}.get(name, office)
            found.append(Who(name, {"Cookie": cookies, "X-CSRF-Token": person.csrf}, operations))
        scopes = sorted({part for who in access.values() for part in who.split("|") if "." in part})
        for name, granted, operations in (("system", scopes, office), ("reader", ["cases.view"], [])):
            found.append(Who(name, {"Authorization": f"Bearer {self.token(name, granted)}"}, operations))
        return found

    def access(self) -> dict[str, str]:
        """Who may call each operation."""
        document = json.loads(Caller(self.house.port).send("GET", "/api/v1/openapi.json")[2])
        return {
            operation["operationId"]: operation["x-access"]
            for item in document["paths"].values()
            for operation in item.values()
            if isinstance(operation, dict)
        }

    def token(self, name: str, scopes: list[str]) -> str:
        """A token of a system registered for this run."""
        words = [word for scope in scopes for word in ("--scope", scope)]
        done = self.house.run("user", "add-client", "--area", AREA, "--name", name, *words, "--log", "error")
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-2000:])
        client = dict(line.split("=", 1) for line in done.stdout.split())
        status, _, body = Caller(self.house.port).send(
            "POST",
            "/api/v1/token",
            urlencode({"grant_type": "client_credentials", **client}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        if status != 200:
            raise RuntimeError(f"no token for {name}: {status} {body[:300]!r}")
        return json.loads(body)["access_token"]

    def objects(self) -> Objects:
        """A case at every stage, a draft that is full and one that is empty."""
        made = Objects()
        owner = self.person(OWNER)
        for acts in ROADS.values():
            number = self.submit(owner)
            for act in acts:
                officer = self.person(OFFICERS["accept" if act == "correction" else act])
                officer.call("POST", f"/cases/{number}/{act}", BODIES.get(act, {}))
            case = owner.call("GET", f"/my/cases/{number}")
            made.number.append(number)
            made.notice += [notice["id"] for notice in case.get("notices", [])]
            made.file += [file["id"] for file in case.get("files", [])]
        full, files = self.draft(owner)
        made.file += files
        made.draft = [full, owner.call("POST", f"/items/{ITEM}/drafts", {"answers": ANSWERS})["id"]]
        return made

    def draft(self, owner: Caller) -> tuple[str, list[str]]:
        draft = owner.call("POST", f"/items/{ITEM}/drafts", {"answers": ANSWERS})["id"]
        place = f"/my/drafts/{draft}"
        for section, values in SECTIONS.items():
            owner.call("PUT", f"{place}/sections/{section}", {"values": values})
        files = []
        for material in MATERIALS:
            answer = owner.upload(f"{place}/materials/{material}/files", f"{material}.pdf", paper())
            files += [file["id"] for file in answer["files"]]
        return draft, files

    def submit(self, owner: Caller) -> str:
        draft, _ = self.draft(owner)
        return owner.call("POST", f"/my/drafts/{draft}/submit", {"truth": True})["number"]
