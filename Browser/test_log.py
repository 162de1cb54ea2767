"""What the program writes down while it runs names nobody: every line of a whole run at its most talkative, and the figures."""

import json
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

import road
from house import AREA, House, PASSWORD
from plain import Visitor

NEW_PHONE = "13900001234"
WRONG_PHONE = "13811112222"
WRONG_ID = "110105199912310021"
WRONG_PASSWORD = "falsches-Kennwort-77"
STAFF_NAMES = ["演示窗口一", "演示窗口二"]


def answers(values: object) -> Iterator[str]:
    """Every text somebody typed that says something about him."""
    if isinstance(values, dict):
        for value in values.values():
            yield from answers(value)
    elif isinstance(values, str) and (len(values) > 4 or re.search(r"[\u4e00-\u9fff]{2}", values)):
        yield values


@pytest.fixture(scope="module")
def talkative(binary) -> Iterator[House]:
    house = House(binary)
    try:
        house.prepare()
        house.start(log="trace")
        yield house
    finally:
        house.close()


def lines(house: House) -> list[str]:
    house.log.flush()
    return (Path(house.folder.name) / "serve.log").read_text(encoding="utf-8", errors="replace").splitlines()


def test_no_line_of_a_whole_run_names_anybody(talkative, playwright, files, note):
    house = talkative
    secrets: dict[str, str] = {"password": PASSWORD, "wrong password": WRONG_PASSWORD}

    def visitor(who: str | None = None) -> Visitor:
        one = Visitor(playwright, house)
        if who:
            one.sign_in(who, PASSWORD)
            for cookie in one.state()["cookies"]:
                if len(cookie["value"]) > 12:
                    secrets[f"cookie {cookie['name']} of {who}"] = cookie["value"]
        return one

    # Sign-ins that fail, at both doors, and codes by SMS.
    nobody = visitor()
    page = nobody.get("/sign-in")
    for phone in [WRONG_PHONE, road.OWNER]:
        failed = nobody.send(page, page.form("/sign-in"), {"phone": phone, "password": WRONG_PASSWORD})
        assert "/sign-in" in failed.path, failed.url
    desk = nobody.get("/desk/sign-in")
    nobody.send(desk, desk.form("/desk/sign-in"), {"login": "demo.clerk", "password": WRONG_PASSWORD})
    register = nobody.get("/register")
    sent = nobody.send(register, register.form("/register"), {"phone": NEW_PHONE})
    code = re.search(r"验证码\D{0,40}(\d{6})", re.sub(r"<[^>]+>", "", sent.text))
    assert code, road.summary(sent)
    secrets["code"] = code.group(1)
    typed = {"name": "测试新人", "idNumber": WRONG_ID, "code": "000000", "password": WRONG_PASSWORD}
    nobody.send(sent, sent.form("/register"), typed)
    # What was typed stands in addresses too.
    nobody.get(f"/search?q={quote('演示居民甲 13800000001')}")
    nobody.get(f"/progress?number={WRONG_ID}&code=ABCD-EFGH")
    nobody.get(f"/no/such/{quote('演示居民甲')}/13800000001")

    # The main road, with an error on it.
    owner = visitor(road.OWNER)
    number = road.apply_plainly(owner, files)
    stranger = visitor(road.OTHER)
    assert stranger.get(f"/my/cases/{number}").status == 404
    clerk = visitor("demo.clerk")
    assert clerk.get(f"/desk/cases/{number}").status == 200
    for query in [f"name={quote('演示居民甲')}", "phone=13800000001", "id=11010519491231002X", f"number={number}"]:
        clerk.get(f"/desk/search?{query}")
    head = visitor("demo.supervisor")
    for path in ["/desk/board", "/desk/exports", "/desk/exports/cases.csv", "/desk/exports?count=1"]:
        head.get(path)
    account = owner.get("/my/account")
    export = owner.send(account, account.form("/my/account/export"))
    assert "13800000001" in export.text
    # Bad bodies and names.
    owner.get(f"/my/drafts/{quote('演示居民甲')}")
    time.sleep(3)

    log = lines(house)
    assert len(log) > 60, "the log talks"
    told = [json.loads(line) for line in log if line.startswith("{")]
    assert len(told) > 50
    assert {"debug", "trace"} & {line["level"] for line in told}, "the most talkative level was asked for"
    figures = urllib.request.urlopen(f"{house.url}/metrics", timeout=10).read().decode()
    outbox = "\n".join(path.read_text(encoding="utf-8") for path in house.data.rglob("*.jsonl"))

    personal = {"name": "演示居民甲", "other": "演示居民乙", "new": "测试新人", "company": "演示小吃店"}
    personal |= {f"typed {text}": text for text in answers(road.SECTIONS)}
    personal |= {"phone": road.OWNER, "phone 2": road.OTHER, "new phone": NEW_PHONE, "wrong phone": WRONG_PHONE}
    personal |= {"id": WRONG_ID, "id 2": "11010519491231002X", "id 3": "110105200001010016"}
    personal |= {f"staff {name}": name for name in STAFF_NAMES} | secrets
    assert len(personal) > 30
    for what, text in personal.items():
        for form in {text, quote(text), quote(text, safe=""), json.dumps(text)[1:-1]}:
            for source, content in [("log", "\n".join(log)), ("/metrics", figures), ("outbox file", outbox)]:
                if form in content:
                    line = next(line for line in content.splitlines() if form in line)
                    raise AssertionError(f"{what} stands in the {source}: {line[:400]}")
    # Anything that looks like a phone or an identity number, whoever's it is.
    for line in told:
        text = json.dumps({key: value for key, value in line.items() if key != "at"}, ensure_ascii=False)
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "", text)
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text), text
        assert not re.search(r"(?<!\d)\d{17}[\dXx](?!\d)", text), text
    note(f"log: {len(log)} lines at trace hold none of {len(personal)} personal texts")
