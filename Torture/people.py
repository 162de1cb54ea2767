"""Those who load the server: applicants and officers over the JSON API. They remember every answer they got."""

import hashlib
import http.client
import json
import random
import re
import threading
import time
import uuid
from urllib.parse import urlencode

from ledger import STAGES, Case, Draft, Ledger

AREA = "510106"
PASSWORD = "tongban-demo-2026"
ITEM = "food-business-licence"
STREET = f"{AREA}024"
API = f"/api/v1/areas/{AREA}"
OFFICERS = {"accept": "demo.clerk", "review": "demo.reviewer", "approve": "demo.approver", "complete": "demo.clerk2"}
WAITING = {"accept": "received", "review": "accepted", "approve": "approving", "complete": "approved"}
MATERIALS = ["business_licence", "layout", "equipment", "rules"]
ANSWERS = {"business": "catering", "projects": ["hot"], "who": "self"}
SECTIONS = {
    "operator": {
        "name": "演示小吃店",
        "uscc": "91350100M000100Y43",
        "representative": {"name": "演示居民甲", "idcard": "11010519491231002X", "phone": "13800000001"},
        "domicile": {"division": STREET, "line": "示范路 1 号"},
        "handler": {"name": "演示居民甲", "phone": "13800000001"},
        "service_address": {"division": STREET, "line": "示范路 1 号"},
    },
    "premises": {"site": {"division": STREET, "line": "示范路 2 号"}, "area": 86.5, "kitchen_area": 30, "seats": 24},
    "operation": {
        "delivers": "none",
        "officers": [
            {
                "officer": {"name": "演示居民乙", "idcard": "110105200001010016", "phone": "13800000002"},
                "officer_post": "officer",
            }
        ],
    },
}


class Gone(Exception):
    """The connection broke: whether the act happened is not known."""


class Busy(Exception):
    """503: the act did not happen, or will be known later; try again."""


class Wrong(Exception):
    """An answer that must not be."""


class Caller:
    """One connection, with the cookies of a person."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None, csrf: str = ""):
        self.port = port
        self.cookies = dict(cookies or {})
        self.csrf = csrf
        self.link: http.client.HTTPConnection | None = None

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
        """Status, headers and body; `Gone` where no whole answer came."""
        sent = {"Accept": "application/json"} | (headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        try:
            if self.link is None:
                self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.link.request(method, path, body, sent)
            answer = self.link.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Gone(f"{method} {path}: {error!r}") from error
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, dict((name.lower(), value) for name, value in answer.getheaders()), content

    def close(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None

    def sign_in(self, who: str) -> None:
        at_desk = who.startswith("demo.")
        door = f"/{AREA}/desk/sign-in" if at_desk else f"/{AREA}/sign-in"
        status, _, page = self.send("GET", door, headers={"Accept": "text/html"})
        found = re.search(rb'name="csrf" value="([^"]+)"', page)
        if not found:
            raise Wrong(f"{door}: {status} without a form")
        fields = {"login" if at_desk else "phone": who, "password": PASSWORD, "csrf": found.group(1).decode()}
        status, headers, page = self.send(
            "POST",
            door,
            urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"},
        )
        if status != 303 or "sign-in" in headers.get("location", ""):
            raise Wrong(f"{who} cannot sign in: {status} {headers.get('location')}")
        inside = f"/{AREA}/desk/own" if at_desk else f"/{AREA}/my/account"
        page = self.send("GET", inside, headers={"Accept": "text/html"})[2]
        found = re.search(rb'name="csrf" value="([^"]+)"', page)
        if not found:
            page = self.send("GET", f"/{AREA}/desk/tasks", headers={"Accept": "text/html"})[2]
            found = re.search(rb'name="csrf" value="([^"]+)"', page)
        if not found:
            raise Wrong(f"{who}: no page with the token of forms")
        self.csrf = found.group(1).decode()

    def call(self, method: str, path: str, body=None, key: str | None = None, expected=(200, 201)):
        """A JSON call: its parsed answer."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        content = json.dumps(body or {}).encode() if method != "GET" else None
        return judged(method, path, self.send(method, API + path, content, headers), expected)

    def upload(self, path: str, name: str, content: bytes):
        """One file, as a form of a browser sends it."""
        edge = uuid.uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return judged("POST", path, self.send("POST", API + path, body, headers), (200, 201))


def judged(method: str, path: str, answer, expected):
    status, headers, content = answer
    if status == 503:
        if "retry-after" not in headers:
            raise Wrong(f"{method} {path}: 503 without Retry-After")
        raise Busy(path)
    if status not in expected:
        raise Wrong(f"{method} {path}: {status} {content[:600].decode('utf-8', 'replace')}")
    return json.loads(content) if content else None


def paper() -> bytes:
    """A PDF of 1 to 200 KiB that no other file is equal to."""
    body = random.randbytes(random.choice([1000, 40_000, 200_000]))
    return b"%PDF-1.4\n%" + uuid.uuid4().hex.encode() + b"\n" + body + b"\n%%EOF\n"


class Worker(threading.Thread):
    """Works until it is told to stop; stays through broken connections where the server may come back by itself."""

    def __init__(self, ledger: Ledger, callers: list[Caller], stays: bool):
        super().__init__(daemon=True)
        self.ledger = ledger
        self.callers = callers
        self.stays = stays
        self.over = threading.Event()
        self.wrongs: list[str] = []
        self.busy = 0

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self.once(self.callers[0])
            except Gone:
                if not self.stays:
                    break
                # Another server, where there is one.
                self.callers.append(self.callers.pop(0))
                time.sleep(0.05)
            except Busy:
                self.busy += 1
                time.sleep(0.1)
            except Wrong as wrong:
                self.wrongs.append(str(wrong))
                time.sleep(0.2)
        for caller in self.callers:
            caller.close()

    def once(self, caller: Caller) -> None:
        raise NotImplementedError


class Applicant(Worker):
    """Begins drafts, fills them in, hands papers in, submits; many times."""

    def __init__(self, ledger: Ledger, callers: list[Caller], stays: bool, owner: str):
        super().__init__(ledger, callers, stays)
        self.owner = owner

    def once(self, caller: Caller) -> None:
        ledger = self.ledger
        body = caller.call("POST", f"/items/{ITEM}/drafts", {"answers": ANSWERS}, key=uuid.uuid4().hex)
        draft = Draft(body["id"], self.owner)
        with ledger.lock:
            ledger.drafts[draft.id] = draft
            ledger.fresh.add(draft.id)
            ledger.note("draft", id=draft.id)
        place = f"/my/drafts/{draft.id}"
        for section, values in SECTIONS.items():
            self.doing(draft, section, lambda: caller.call("PUT", f"{place}/sections/{section}", {"values": values}))
            with ledger.lock:
                draft.sections[section] = values
                ledger.note("section", id=draft.id, section=section)
        for material in MATERIALS:
            content = paper()
            body = self.doing(
                draft,
                material,
                lambda: caller.upload(f"{place}/materials/{material}/files", f"{material}.pdf", content),
            )
            digest = hashlib.sha256(content).hexdigest()
            if body["files"][0]["sha256"] != digest:
                raise Wrong(f"{draft.id} {material}: another hash was acknowledged")
            with ledger.lock:
                draft.files[body["files"][0]["id"]] = (material, digest)
                ledger.note("upload", id=draft.id, file=body["files"][0]["id"], sha256=digest)
        if random.random() < 0.1:
            return
        key = uuid.uuid4().hex
        body = self.doing(
            draft, "submit", lambda: caller.call("POST", f"{place}/submit", {"truth": True}, key=key)
        )
        with ledger.lock:
            draft.number = body["number"]
            case = Case(body["number"], draft, left_to_time=random.random() < 0.25)
            ledger.cases[case.number] = case
            ledger.answers.append((self.owner, f"{place}/submit", key, {"truth": True}, body))
            ledger.note("submission", id=draft.id, number=draft.number)

    def doing(self, draft: Draft, what: str, act):
        """An act whose outcome is unknown until it is answered; a 503 is tried again."""
        with self.ledger.lock:
            draft.unknown.add(what)
        while True:
            try:
                answer = act()
                break
            except Busy:
                self.busy += 1
                if self.over.is_set():
                    raise
                time.sleep(0.1)
        with self.ledger.lock:
            draft.unknown.discard(what)
        return answer


class Officer(Worker):
    """Takes cases that wait for one act and does it."""

    def __init__(self, ledger: Ledger, callers: list[Caller], stays: bool, act: str):
        super().__init__(ledger, callers, stays)
        self.act = act

    def once(self, caller: Caller) -> None:
        case = self.ledger.waiting(WAITING[self.act])
        if case is None:
            time.sleep(0.02)
            return
        act, body = self.chosen()
        with self.ledger.lock:
            case.maybe = STAGES[act]
            self.ledger.fresh.add(case.draft.id)
        answer = caller.call("POST", f"/cases/{case.number}/{act}", body, key=uuid.uuid4().hex)
        if answer["stage"] != STAGES[act]:
            raise Wrong(f"{case.number}: {act} was answered with the stage {answer['stage']}")
        with self.ledger.lock:
            case.stage, case.maybe = STAGES[act], None
            case.acts += 1
            case.left_to_time = act == "correction"
            self.ledger.note("decision", number=case.number, act=act)

    def chosen(self) -> tuple[str, dict]:
        if self.act == "accept" and random.random() < 0.15:
            point = {"target": "material", "ref": "layout", "problem": "看不清", "fix": "重新拍照"}
            return "correction", {"points": [point], "days": 5}
        if self.act == "approve" and random.random() < 0.1:
            words = {"facts": "现场与图纸不符", "basis": "《行政许可法》第三十八条", "reason": "不符合条件"}
            return "refuse", words
        body = {"review": {"opinion": "符合条件"}, "complete": {"delivery": "electronic"}}
        return self.act, body.get(self.act, {})
