"""What is not yours looks as if it were not there; forms from elsewhere are refused; doors lead where one was going."""

import re
from urllib.parse import quote, urljoin

import pytest

import road
from house import AREA, PASSWORD
from plain import Visitor

SOMEBODY_ELSES = "0195c2a0-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def owner(house, playwright):
    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OWNER, PASSWORD)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def stranger(house, playwright):
    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OTHER, PASSWORD)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def nobody(house, playwright):
    visitor = Visitor(playwright, house)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def clerk(house, playwright):
    visitor = Visitor(playwright, house)
    visitor.sign_in("demo.clerk", PASSWORD)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def case(owner, files):
    """A case of the owner's, with the addresses of its papers and files."""
    number = road.apply_plainly(owner, files)
    page = owner.get(f"/my/cases/{number}")
    links = sorted(set(re.findall(rf'href="(/{AREA}/my/cases/{number}/[^"#]+)"', page.text)))
    return {"number": number, "links": links}


@pytest.fixture(scope="module")
def draft(owner, files):
    """A draft of the owner's with one file."""
    page = road.fill_plainly(owner, road.begin_plainly(owner))
    page = road.upload_plainly(owner, page, files, {"layout": "layout"})
    identifier = road.draft_in(page.path)
    file = re.search(rf'href="(/{AREA}/my/drafts/{identifier}/files/[^"]+)"', page.text).group(1)
    return {"id": identifier, "file": file}


def without_names(text: str) -> str:
    """A page less what differs by itself: tokens, ids, addresses, the reader's name."""
    text = re.sub(r'value="[^"]*"', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", text)
    return re.sub(r"\d{6,}", "", re.sub(r'(href|action)="[^"]*"', "", text))


def same_as_unknown(visitor: Visitor, path: str, unknown: str) -> None:
    """The answer for what belongs to somebody else is the answer for what does not exist."""
    theirs, none = visitor.get(path), visitor.get(unknown)
    assert theirs.status == none.status == 404, f"{path}: {theirs.status}, {unknown}: {none.status}"
    assert without_names(theirs.text) == without_names(none.text), f"{path} differs from {unknown}"


def test_owner_sees_the_papers(owner, case):
    assert any("/notices/" in link for link in case["links"]), case["links"]
    for link in case["links"]:
        answer = owner.get(link)
        assert answer.status == 200, f"{link}: {answer.status}"


def test_a_strangers_case_is_unknown(stranger, case):
    number = case["number"]
    other = number[:-2] + ("0" if number[-2] != "0" else "1") + number[-1]
    same_as_unknown(stranger, f"/my/cases/{number}", f"/my/cases/{other}")
    for part in ("submitted", "correction", "withdraw", "rating"):
        same_as_unknown(stranger, f"/my/cases/{number}/{part}", f"/my/cases/{other}/{part}")


def test_a_strangers_papers_are_unknown(stranger, owner, case):
    number = case["number"]
    for link in case["links"]:
        if "/notices/" in link or "/files/" in link:
            unknown = link.rsplit("/", 1)[0] + "/" + SOMEBODY_ELSES
            same_as_unknown(stranger, link, unknown)
            missing = owner.get(unknown)
            assert missing.status == 404, f"{unknown}: {missing.status}"
    assert number


def test_a_strangers_draft_is_unknown(stranger, draft):
    for part in ("", "/operator", "/materials", "/check", "/discard", "/questions"):
        same_as_unknown(stranger, f"/my/drafts/{draft['id']}{part}", f"/my/drafts/{SOMEBODY_ELSES}{part}")
    same_as_unknown(stranger, draft["file"], draft["file"].rsplit("/", 1)[0] + "/" + SOMEBODY_ELSES)


def test_a_stranger_cannot_act(stranger, case, draft):
    """A form of one's own, sent to somebody else's address."""
    page = stranger.get("/my/account")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text).group(1)
    for path in (
        f"/my/cases/{case['number']}/withdraw",
        f"/my/drafts/{draft['id']}/operator",
        f"/my/drafts/{draft['id']}/discard",
        f"/my/drafts/{draft['id']}/check",
    ):
        answer = stranger.post(
            path, {"csrf": token, "reason": "x", "action": "save", "form.name": "改了"}, follow=False
        )
        assert answer.status in (404, 302, 303), f"{path}: {answer.status}"
    # The draft is still there, as it was.


def test_the_draft_was_not_touched(owner, draft):
    page = owner.get(f"/my/drafts/{draft['id']}/operator")
    assert page.status == 200 and "改了" not in page.text


@pytest.mark.parametrize(
    "path", ["/my/cases", "/my/messages", "/my/account", "/my/acting-for", f"/my/drafts/{SOMEBODY_ELSES}"]
)
def test_nobody_is_asked_to_sign_in(nobody, path):
    answer = nobody.get(path, follow=False)
    assert answer.status in (302, 303), answer.status
    assert answer.headers["location"].startswith(f"/{AREA}/sign-in")


@pytest.mark.parametrize(
    "path", ["/desk/tasks", "/desk/search?q=1", "/desk/board", "/desk/admin/items", "/desk/admin/staff"]
)
def test_the_desk_asks_for_its_own_sign_in(nobody, stranger, path):
    for visitor in (nobody, stranger):
        answer = visitor.get(path, follow=False)
        assert answer.status in (302, 303), answer.status
        assert answer.headers["location"].startswith(f"/{AREA}/desk/sign-in")


def test_the_way_is_kept(house, playwright, case):
    """After signing in, people land where they were going."""
    visitor = Visitor(playwright, house)
    page = visitor.get(f"/my/cases/{case['number']}")
    assert "/sign-in" in page.path
    landed = visitor.send(page, page.form("sign-in"), {"phone": road.OWNER, "password": PASSWORD})
    assert landed.path.startswith(f"/{AREA}/my/cases/{case['number']}"), landed.path
    visitor.close()


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/%2f/evil.example",
    ],
)
def test_no_open_redirect(nobody, house, evil):
    """Whatever the address asks for, people stay on this site."""
    for path in (f"/preferences?language=zh&back={quote(evil, safe='')}", f"/sign-in?back={quote(evil, safe='')}"):
        target = nobody.get(path, follow=False).headers.get("location", "/")
        led = urljoin(house.url + "/", target.replace("\\", "/"))
        assert led.startswith(house.url + "/"), f"{path} → {target}"


def test_forged_forms_are_refused(owner, draft):
    """Without the token, with a wrong one, and from another site's page."""
    path = f"/my/drafts/{draft['id']}/operator"
    fields = {"action": "save", "form.name": "伪造"}
    assert owner.post(path, fields, follow=False).status in (400, 403, 409, 422)
    assert owner.post(path, fields | {"csrf": "x" * 43}, follow=False).status in (400, 403, 409, 422)
    page = owner.get(path)
    token = dict(page.form(button="保存并继续").values)["csrf"]
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = owner.post(path, fields | {"csrf": token}, follow=False, headers=header)
        assert answer.status == 404, answer.status
    assert "伪造" not in owner.get(path).text


def test_progress_needs_the_code(nobody, case):
    """A number without its code, a wrong code and an unknown number give the same answer; tries are limited."""
    page = nobody.get("/progress")
    form = next(form for form in page.forms if "number" in form.names() or "/progress" in form.action)
    number = case["number"]
    answers = []
    for tried in (number, number[:-2] + "99"):
        if form.method == "post":
            answer = nobody.send(page, form, {"number": tried, "code": "ABCD2345"})
        else:
            answer = nobody.get(f"/progress?number={tried}&code=ABCD2345")
        answers.append((answer.status, without_names(answer.text)))
    assert answers[0] == answers[1]
    assert "演示小吃店" not in answers[0][1]


def looks_like_nothing(page) -> None:
    """What a post does not allow shows the page for what is not there."""
    assert page.status == 404, f"{page.url}: {page.status}"
    assert "没有找到这个页面" in page.text


def test_staff_see_only_what_their_post_allows(house, playwright, clerk, case):
    """The administrator has no business rights; clerks have no administration; an unknown number and a hidden one look alike."""
    assert clerk.get(f"/desk/cases/{case['number']}").status == 200
    for path in ("/desk/admin/items", "/desk/admin/staff", "/desk/operations", "/desk/admin/security"):
        looks_like_nothing(clerk.get(path))
    admin = Visitor(playwright, house)
    admin.sign_in("demo.admin", PASSWORD)
    assert admin.get("/desk/admin/items").status == 200
    for path in ("/desk/tasks", "/desk/search", f"/desk/cases/{case['number']}", "/desk/board"):
        looks_like_nothing(admin.get(path))
    admin.close()


def test_staff_of_another_district_see_nothing(clerk, case):
    """A desk's cookie is good for its own district only."""
    answer = clerk.get(f"{clerk.house.url}/370213/desk/cases/{case['number']}", follow=False)
    assert answer.status in (302, 303) and "/370213/desk/sign-in" in answer.headers["location"]


def test_the_applicants_data_is_masked_in_lists(clerk, case):
    """The list shows a mask; the case shows who it is to those who handle it."""
    page = clerk.get("/desk/tasks")
    assert case["number"] in page.text
    assert "11010519491231002X" not in page.text


def test_passwords_are_guarded(house, playwright):
    """A wrong password and an unknown phone get the same words; after five tries the account rests."""
    said = []
    for phone in ("13900000001", "13900000002"):
        visitor = Visitor(playwright, house)
        page = visitor.get("/sign-in")
        answer = visitor.send(page, page.form("sign-in"), {"phone": phone, "password": "falsch falsch"})
        assert answer.status == 422
        said.append(without_names(answer.text))
        visitor.close()
    assert said[0] == said[1]


def test_answers_carry_the_guards(nobody):
    """Headers that keep scripts, frames and other sites out."""
    for path in ("/", f"/items/{road.ITEM}", "/sign-in"):
        headers = nobody.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_uploads_cannot_run(owner, draft):
    """A file somebody handed in is sent so that nothing in it runs on this site."""
    headers = owner.get(draft["file"]).headers
    assert "sandbox" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "no-store" in headers["cache-control"]


def test_inside_stays_inside(nobody):
    """Figures and health say nothing about people; unknown addresses have a page of their own."""
    assert nobody.get("/healthz").status == 200
    for path in ("/nothing-here", "/items/does-not-exist", "/desk/cases/1"):
        page = nobody.get(path)
        assert "Error" not in page.text and "swift" not in page.text.lower()
