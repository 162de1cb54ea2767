"""What schemathesis is told besides the description: ids that stand for something, and what must hold for every answer."""

import atexit
import json
import os
import random
from collections import Counter
from pathlib import Path

import schemathesis
from schemathesis.core.parameters import ParameterLocation

GIVEN = json.loads(Path(os.environ["TONGBAN_FUZZ_OBJECTS"]).read_text())
POOL: dict[str, list[str]] = GIVEN["objects"]
AREA, ITEM, SECTIONS, MATERIALS = GIVEN["area"], GIVEN["item"], GIVEN["sections"], GIVEN["materials"]
BODIES = GIVEN["bodies"]
RANGES = ["bytes=0-9", "bytes=-5", "bytes=9-", "bytes=5-1", "bytes=99999999999999999999-", "lines=1-2", "bytes=0-1,4-5"]
dice = random.Random(GIVEN["seed"])
calls: Counter[str] = Counter()


def place(path: str, name: str) -> list[str]:
    """What may stand at a place of a path."""
    if name == "id":
        return POOL["draft" if "/drafts/" in path else "notice"]
    fixed = {"area": [AREA], "slug": [ITEM], "section": list(SECTIONS), "material": MATERIALS}
    return fixed.get(name) or POOL.get(name, [])


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = case.meta
    if meta is None or not meta.is_negative_at(ParameterLocation.PATH):
        for name in case.path_parameters or {}:
            known = place(case.operation.path, name)
            if known and dice.random() < (0.98 if name == "area" else 0.85):
                case.path_parameters[name] = dice.choice(known)
    if case.operation.path.endswith(("/files/{file}", "/notices/{id}")) and dice.random() < 0.3:
        case.headers = dict(case.headers or {}) | {"Range": dice.choice(RANGES)}
    if (meta is None or not meta.generation.mode.is_negative) and dice.random() < 0.4:
        body = fitting(case)
        if body is not None:
            case.body, case.media_type = body, "application/json"


def fitting(case):
    """A body that has a meaning for what is called."""
    path = case.operation.path
    if path.endswith("/sections/{section}"):
        return {"values": SECTIONS.get((case.path_parameters or {}).get("section"), {})}
    body = BODIES.get(path.rsplit("/", 1)[-1])
    return json.loads(json.dumps(body)) if body is not None and case.operation.method in ("post", "put") else None


@schemathesis.hook
def after_call(context, case, response):
    calls[f"{response.status_code}"] += 1
    calls[f"{case.operation.method.upper()} {case.operation.path} {response.status_code}"] += 1
    # What came into being is called about later.
    if response.status_code == 201:
        try:
            made = response.json()
        except ValueError:
            return
        if case.operation.path.endswith("/drafts"):
            POOL["draft"].append(made["id"])
        elif case.operation.path.endswith("/submit"):
            POOL["number"].append(made["number"])
        elif case.operation.path.endswith("/files"):
            POOL["file"] += [file["id"] for file in made["files"]]


@schemathesis.check
def house_rules(ctx, response, case):
    """What is the same for every answer."""
    headers = response.headers
    status = response.status_code
    for name in ("x-request-id", "content-security-policy", "x-content-type-options"):
        assert headers.get(name), f"{status} without {name}"
    if status == 401 and "/token" not in case.operation.path:
        assert headers.get("www-authenticate"), "401 without WWW-Authenticate"
    if status in (429, 503):
        assert headers.get("retry-after"), f"{status} without Retry-After"
    if status == 405:
        assert headers.get("allow"), "405 without Allow"
    assert status < 500 or status == 503, f"{status}"
    if status == 416:
        assert headers.get("content-range"), "416 without Content-Range"
        return
    if status < 400 or response.request.method == "HEAD":
        return
    kind = headers["content-type"][0]
    body = response.json()
    if kind.startswith("application/json"):
        assert case.operation.path == "/api/v1/token" and set(body) == {"error"}, f"{status} is no problem: {body}"
        return
    assert kind.startswith("application/problem+json"), f"{status} as {kind}"
    assert body["status"] == status and body["title"] and body["code"] and body["requestId"], f"{body}"
    assert body["requestId"] == headers["x-request-id"][0], "two request ids"
    assert not body["title"].startswith("web."), f"no text: {body['title']}"
    for fault in body.get("errors", []):
        assert fault["detail"] and fault["detail"] != fault["reason"], f"no text: {fault}"


@atexit.register
def tell():
    Path(os.environ["TONGBAN_FUZZ_COUNTS"]).write_text(json.dumps(calls))
