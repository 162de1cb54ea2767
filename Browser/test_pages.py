"""Every page that links lead to, as everybody who may see it: it answers, axe finds nothing, nothing scrolls sideways."""

import re
from urllib.parse import urlsplit

import pytest

import road
from house import AREA
from checks import axe

STARTS = {
    None: [
        "/",
        "/sign-in",
        "/register",
        "/forgot",
        "/halls",
        "/help",
        "/accessibility",
        "/progress",
        "/verify",
        "/powers",
        "/responsibilities",
        "/browse/themes",
        "/browse/events",
        "/browse/departments",
        "/privacy",
        "/limits",
        f"/items/{road.ITEM}",
    ],
    road.OWNER: ["/", "/my/cases", "/my/messages", "/my/account", "/my/acting-for"],
    "demo.clerk": ["/desk/tasks", "/desk/search", "/desk/absence", "/desk/account"],
    "demo.supervisor": ["/desk/board", "/desk/search", "/desk/exports", "/desk/tasks"],
    "demo.head": ["/desk/registers", "/desk/registers/household"],
    "demo.admin": ["/desk/admin/items", f"/desk/admin/items/{road.ITEM}/rehearsal?review=no&size=50", "/desk/admin/staff", "/desk/operations"],
}
LEAVING = re.compile(r"sign-out|/static/|\.(pdf|csv|xlsx|svg|bpmn)(\?|$)|/files/|/notices/|/receipt$|province|export|format=")


def shape(url: str) -> str:
    """Addresses that lead to the same page with other data."""
    parts = urlsplit(url)
    path = re.sub(r"/[0-9a-f]{8}-[0-9a-f-]{27}", "/ID", parts.path)
    path = re.sub(r"/\d{20,}", "/NUMBER", re.sub(r"^/\d{6}/", "/AREA/", path))
    path = re.sub(r"/items/[^/]+", "/items/ITEM", path)
    names = sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair)
    return path + "?" + "&".join(names)


@pytest.fixture(scope="module")
def some_cases(house, playwright, files):
    """Something to see on every page: a case in each state, a draft."""
    from house import PASSWORD
    from plain import Visitor

    people = {}
    for who in (road.OWNER, "demo.clerk", "demo.reviewer"):
        people[who] = Visitor(playwright, house)
        people[who].sign_in(who, PASSWORD)
    numbers = [road.apply_plainly(people[road.OWNER], files) for _ in range(3)]
    road.begin_plainly(people[road.OWNER])
    road.act_plainly(people["demo.clerk"], numbers[1], "受理")
    road.act_plainly(people["demo.clerk"], numbers[2], "受理")
    road.act_plainly(people["demo.reviewer"], numbers[2], "通过")
    for visitor in people.values():
        visitor.close()
    return numbers


@pytest.mark.parametrize("who", STARTS, ids=lambda who: who or "nobody")
def test_every_link_leads_to_a_good_page(house, room, some_cases, who):
    page = room.desktop(house, who) if (who or "").startswith("demo.") else room.phone(house, who, slow=False)
    waiting = [house.address(path) for path in STARTS[who]]
    if who == "demo.clerk":
        waiting += [house.address(f"/desk/cases/{number}") for number in some_cases]
    done: dict[str, int] = {}
    faults = []
    while waiting and len(done) < 80:
        url = waiting.pop(0)
        kind = shape(url)
        if done.get(kind, 0) >= 1:
            continue
        done[kind] = done.get(kind, 0) + 1
        answer = page.goto(url)
        if answer is None or answer.status >= 400:
            faults.append(f"{url}: {answer and answer.status}")
            continue
        try:
            axe(page)
        except AssertionError as error:
            faults.append(str(error))
        links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
        waiting += [
            link.split("#")[0]
            for link in links
            if link.startswith(house.address("/desk/" if (who or "").startswith("demo.") else "/"))
            and not LEAVING.search(link)
            and shape(link.split("#")[0]) not in done
        ]
    assert not faults, f"{len(faults)} pages:\n" + "\n".join(faults)
    assert len(done) >= len(STARTS[who])


@pytest.mark.parametrize("language", ["en", "bo", "ii"])
def test_other_languages_are_whole(house, room, language):
    """No key shows, the language of the page is said, what is Chinese says that it is."""
    page = room.phone(house, slow=False)
    page.goto(f"{house.url}/preferences?language={language}&back=/{AREA}/")
    for path in ("/", f"/items/{road.ITEM}", "/search?q=开饭店", "/sign-in", "/register", "/progress", "/halls"):
        page.goto(house.address(path))
        axe(page)
        assert page.locator("html").get_attribute("lang").startswith(language)


def test_elder_version_everywhere(house, room, some_cases):
    """The large version at 320 px on the pages of the road."""
    page = room.page(house, road.OWNER, viewport={"width": 320, "height": 700}, is_mobile=True, has_touch=True)
    page.goto(f"{house.url}/preferences?elder=1&back=/{AREA}/")
    for path in (
        "/",
        f"/items/{road.ITEM}",
        "/search?q=开饭店",
        "/my/cases",
        f"/my/cases/{some_cases[0]}",
        "/my/messages",
        "/halls",
    ):
        page.goto(house.address(path))
        assert page.locator("html.elder").count() == 1
        axe(page)


def test_paper_has_no_chrome(house, room):
    """Printed, a guide shows its address and neither header nor buttons."""
    page = room.desktop(house)
    page.goto(house.address(f"/items/{road.ITEM}"))
    page.emulate_media(media="print")
    assert not page.locator("header.site-header").is_visible()
    assert not page.get_by_role("button", name="在线申请").first.is_visible()
    assert page.locator(".print-only").last.is_visible()
