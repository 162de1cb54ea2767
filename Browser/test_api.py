"""The API: its description is valid and true, errors are problem documents, tokens and idempotency keys work."""

import json
import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import road
from house import AREA, PASSWORD
from plain import Visitor

SCOPES = ["cases.view"]


class Caller:
    """A system with a token, or without one."""

    def __init__(self, playwright, house, token: str | None = None):
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self.http = playwright.request.new_context(base_url=house.url, extra_http_headers=headers)

    def get(self, path: str, **more):
        return self.http.get(path, max_redirects=0, **more)

    def post(self, path: str, body=None, headers: dict | None = None):
        return self.http.post(
            path,
            data=json.dumps(body or {}),
            headers={"Content-Type": "application/json"} | (headers or {}),
            max_redirects=0,
        )


@pytest.fixture(scope="module")
def nobody(playwright, house):
    caller = Caller(playwright, house)
    yield caller
    caller.http.dispose()


@pytest.fixture(scope="module")
def document(nobody):
    answer = nobody.get("/api/v1/openapi.json")
    assert answer.status == 200
    return answer.json()


@pytest.fixture(scope="module")
def client(house):
    """Id and secret of a system, from the command line."""
    done = house.run(
        "user",
        "add-client",
        "--area",
        AREA,
        "--name",
        "演示系统",
        *[w for s in SCOPES for w in ("--scope", s)],
        "--log",
        "error",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(line.split("=", 1) for line in done.stdout.split())


@pytest.fixture(scope="module")
def token(playwright, house, client):
    http = playwright.request.new_context(base_url=house.url)
    answer = http.post("/api/v1/token", form={"grant_type": "client_credentials", **client})
    assert answer.status == 200, answer.text()
    body = answer.json()
    assert body["token_type"] == "Bearer" and body["expires_in"] > 0
    http.dispose()
    return body["access_token"]


def resolver(document):
    return Registry().with_resource("urn:api", Resource.from_contents(document, default_specification=DRAFT202012))


def fits(document, schema, body) -> list[str]:
    """What of a body the description does not allow."""
    moved = json.loads(json.dumps(schema).replace('"#/', '"urn:api#/'))
    whole = json.loads(json.dumps(document).replace('"#/', '"urn:api#/'))
    validator = Draft202012Validator(moved, registry=resolver(whole))
    return [f"{'/'.join(map(str, error.path))}: {error.message[:300]}" for error in validator.iter_errors(body)]


def response_of(document, operation, status: int):
    found = operation["responses"].get(str(status)) or operation["responses"].get("default")
    if found and "$ref" in found:
        for part in found["$ref"].split("/")[1:]:
            document = document[part]
        return document
    return found


def test_the_description_is_valid(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_the_command_prints_the_same(house, document):
    done = house.run("openapi", "--log", "error")
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["paths"].keys() == document["paths"].keys()


def test_every_get_answers_as_described(document, playwright, house, token, files):
    """With a token and without: the status is among those described and the body fits its schema."""
    resident = Visitor(playwright, house)
    resident.sign_in(road.OWNER, PASSWORD)
    number = road.apply_plainly(resident, files)
    known = {"area": AREA, "slug": road.ITEM, "number": number, "code": "AAAA-BBBB-CCCC"}
    callers = {"nobody": Caller(playwright, house), "client": Caller(playwright, house, token)}
    tried, faults = 0, []
    for path, item in document["paths"].items():
        operation = item.get("get")
        if operation is None:
            continue
        names = re.findall(r"{(\w+)}", path)
        address = path
        for name in names:
            address = address.replace("{" + name + "}", known.get(name, "0195c2a0-0000-7000-8000-000000000000"))
        for who, answer in [(who, caller.get(address)) for who, caller in callers.items()] + [
            (
                "resident",
                resident.http.get(house.url + address, max_redirects=0, headers={"Accept": "application/json"}),
            )
        ]:
            tried += 1
            if answer.status >= 500:
                faults.append(f"{who} GET {address}: {answer.status}")
                continue
            described = response_of(document, operation, answer.status)
            if described is None:
                faults.append(f"{who} GET {address}: {answer.status} is not described")
                continue
            kind = answer.headers.get("content-type", "").split(";")[0]
            content = described.get("content", {})
            if not content and answer.status >= 400:
                content = document["components"]["responses"]["Problem"]["content"]
            if kind in content and kind.endswith("json"):
                faults += [
                    f"{who} GET {address} {answer.status}: {fault}"
                    for fault in fits(document, content[kind].get("schema", {}), answer.json())
                ]
            elif content and kind not in content:
                faults.append(f"{who} GET {address} {answer.status}: {kind} is not described")
    assert tried > 0
    assert not faults, "\n".join(faults)
    resident.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/v1/areas/{AREA}/items/does-not-exist", 404),
        ("/api/v1/areas/000000/items", 404),
        (f"/api/v1/areas/{AREA}/me", 401),
        ("/api/v1/nothing", 404),
    ],
)
def test_errors_are_problem_documents(nobody, document, path, status):
    answer = nobody.get(path)
    assert answer.status == status, f"{path}: {answer.status} {answer.text()[:300]}"
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert body["status"] == status and body["title"]
    assert not fits(document, {"$ref": "#/components/schemas/Problem"}, body)


def test_token_is_refused_for_wrong_secrets(playwright, house, client, document):
    http = playwright.request.new_context(base_url=house.url)
    wrong = http.post(
        "/api/v1/token",
        form={"grant_type": "client_credentials", "client_id": client["client_id"], "client_secret": "x" * 43},
    )
    assert wrong.status == 401 and wrong.json()["error"] == "invalid_client"
    other = http.post("/api/v1/token", form={"grant_type": "password", **client})
    assert other.status == 400 and other.json()["error"] == "unsupported_grant_type"
    http.dispose()


def test_token_by_basic_and_json(playwright, house, client):
    import base64

    http = playwright.request.new_context(base_url=house.url)
    basic = base64.b64encode(f"{client['client_id']}:{client['client_secret']}".encode()).decode()
    answer = http.post(
        "/api/v1/token", form={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert answer.status == 200, answer.text()
    answer = http.post("/api/v1/token", data={"grant_type": "client_credentials", **client})
    assert answer.status == 200, answer.text()
    http.dispose()


def test_who_the_token_is(playwright, house, token):
    caller = Caller(playwright, house, token)
    body = caller.get(f"/api/v1/areas/{AREA}/me").json()
    assert body["kind"] == "client" and body["scopes"] == SCOPES
    assert caller.get("/api/v1/areas/370213/me").status == 404, "the token is good for its own areas only"


def test_a_made_up_token_is_nobody(playwright, house):
    assert Caller(playwright, house, "x" * 43).get(f"/api/v1/areas/{AREA}/me").status == 401


def test_items_by_page_and_by_words(nobody):
    seen, after = [], None
    while True:
        page = nobody.get(f"/api/v1/areas/{AREA}/items" + (f"?after={after}" if after else "")).json()
        seen += [item["slug"] for item in page["items"]]
        after = page.get("next")
        if not after:
            break
    assert len(seen) == len(set(seen)) and road.ITEM in seen
    found = nobody.get(f"/api/v1/areas/{AREA}/items?q=开饭店").json()
    assert found["items"][0]["slug"] == road.ITEM


# -- acts


@pytest.fixture(scope="module")
def resident(playwright, house):
    """A resident's browser session used by a script: the token of forms goes in a header."""
    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OWNER, PASSWORD)
    page = visitor.get("/my/account")
    visitor.csrf = re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)
    yield visitor
    visitor.close()


def call(visitor: Visitor, method: str, path: str, body=None, headers: dict | None = None):
    return visitor.http.fetch(
        visitor.house.url + path,
        method=method,
        data=json.dumps(body) if body is not None else None,
        headers={"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": visitor.csrf}
        | (headers or {}),
        max_redirects=0,
    )


BEGIN = f"/api/v1/areas/{AREA}/items/{road.ITEM}/drafts"
ANSWERS = {"business": "catering", "projects": ["hot"], "who": "self"}


def test_a_call_may_be_sent_again(resident):
    """The same key: the same draft, once. Another body under the same key is a conflict."""
    key = {"Idempotency-Key": "test-" + road.ITEM}
    first = call(resident, "POST", BEGIN, {"answers": ANSWERS}, key)
    assert first.status == 201, first.text()
    again = call(resident, "POST", BEGIN, {"answers": ANSWERS}, key)
    assert again.status == 201 and again.json() == first.json()
    other = call(resident, "POST", BEGIN, {"answers": ANSWERS | {"projects": ["cold"]}}, key)
    assert other.status == 409 and other.headers["content-type"].startswith("application/problem+json")
    fresh = call(resident, "POST", BEGIN, {"answers": ANSWERS}, {"Idempotency-Key": "another"})
    assert fresh.status == 201


def test_apply_by_api(resident, files, document):
    """Draft, answers, sections, files, submission: the whole road as JSON; faults are told by field."""
    draft = call(resident, "POST", BEGIN, {"answers": ANSWERS}).json()
    place = f"/api/v1/areas/{AREA}/my/drafts/{draft['id']}"
    early = call(resident, "POST", place + "/submit", {"truth": True})
    assert early.status == 422 and early.json()["errors"], early.text()
    assert not fits(document, {"$ref": "#/components/schemas/Problem"}, early.json())
    values = {
        "operator": {
            "name": "演示小吃店",
            "uscc": "91350100M000100Y43",
            "representative": {"name": "演示居民甲", "idcard": "11010519491231002X", "phone": "13800000001"},
            "domicile": {"division": road.STREET, "line": "示范路 1 号"},
            "handler": {"name": "演示居民甲", "phone": "13800000001"},
            "service_address": {"division": road.STREET, "line": "示范路 1 号"},
        },
        "premises": {
            "site": {"division": road.STREET, "line": "示范路 2 号"},
            "area": 86.5,
            "kitchen_area": 30,
            "seats": 24,
        },
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
    for section, fields in values.items():
        answer = call(resident, "PUT", f"{place}/sections/{section}", {"values": fields})
        assert answer.status == 200, f"{section}: {answer.text()}"
    for material, file in road.MATERIALS.items():
        answer = resident.http.post(
            f"{resident.house.url}{place}/materials/{material}/files",
            multipart={
                "file": {"name": files[file].name, "mimeType": "application/pdf", "buffer": files[file].read_bytes()}
            },
            headers={"X-CSRF-Token": resident.csrf, "Accept": "application/json"},
        )
        assert answer.status in (200, 201), f"{material}: {answer.text()}"
    bad = resident.http.post(
        f"{resident.house.url}{place}/materials/layout/files",
        multipart={
            "file": {"name": "执照.pdf", "mimeType": "application/pdf", "buffer": files["program"].read_bytes()}
        },
        headers={"X-CSRF-Token": resident.csrf, "Accept": "application/json"},
    )
    assert bad.status == 422, bad.text()
    done = call(resident, "POST", place + "/submit", {"truth": True}, {"Idempotency-Key": "submit-" + draft["id"]})
    assert done.status == 201, done.text()
    again = call(resident, "POST", place + "/submit", {"truth": True}, {"Idempotency-Key": "submit-" + draft["id"]})
    assert again.json() == done.json()
    number = done.json()["number"]
    case = call(resident, "GET", f"/api/v1/areas/{AREA}/my/cases/{number}")
    assert case.status == 200 and case.json()["stage"] == "received"


def test_a_session_needs_the_token_of_forms(resident):
    """A cookie alone does not act: another site's page could send it."""
    answer = resident.http.post(
        resident.house.url + BEGIN, data={"answers": ANSWERS}, headers={"Accept": "application/json"}
    )
    assert answer.status in (400, 403, 409, 422), answer.status


def test_somebody_elses_case_is_unknown(resident, playwright, house, token):
    """The same 404 for a stranger's case and for none; a system without the resident's leave sees neither."""
    stranger = Visitor(playwright, house)
    stranger.sign_in(road.OTHER, PASSWORD)
    cases = call(resident, "GET", f"/api/v1/areas/{AREA}/my/cases").json()["cases"]
    number = cases[0]["number"]
    bodies = []
    for tried in (number, number[:-2] + "00"):
        answer = stranger.http.get(
            f"{house.url}/api/v1/areas/{AREA}/my/cases/{tried}", headers={"Accept": "application/json"}
        )
        assert answer.status == 404
        bodies.append(
            {key: value for key, value in answer.json().items() if key not in ("instance", "requestId", "request")}
        )
    assert bodies[0] == bodies[1]
    client = Caller(playwright, house, token)
    assert client.get(f"/api/v1/areas/{AREA}/my/cases/{number}").status in (401, 403, 404)
    stranger.close()
