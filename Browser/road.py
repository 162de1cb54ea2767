"""The plain road of the food business licence: what is answered, filled in and handed in, by hand or without a browser."""

from pathlib import Path

from hand import Hand
from house import AREA
from plain import Page, Visitor

ITEM = "food-business-licence"
ITEM_NAME = "食品经营许可"
OWNER = "13800000001"
OTHER = "13800000002"

SITUATION: dict[str, str | list[str]] = {"s.business": "catering", "s.projects": ["hot"], "s.who": "self"}
STREET = f"{AREA}024"

SECTIONS: dict[str, dict[str, str]] = {
    "operator": {
        "name": "演示小吃店",
        "uscc": "91350100M000100Y43",
        "representative.name": "演示居民甲",
        "representative.idcard": "11010519491231002X",
        "representative.phone": "13800000001",
        "domicile.division": STREET,
        "domicile.line": "示范路 1 号",
        "handler.name": "演示居民甲",
        "handler.phone": "13800000001",
        "service_address.division": STREET,
        "service_address.line": "示范路 1 号",
    },
    "premises": {
        "shop_sign": "演示小吃",
        "site.division": STREET,
        "site.line": "示范路 2 号",
        "area": "86.5",
        "kitchen_area": "30",
        "seats": "24",
    },
    "operation": {
        "delivers": "none",
        "officers.0.officer.name": "演示居民乙",
        "officers.0.officer.idcard": "110105200001010016",
        "officers.0.officer.phone": "13800000002",
        "officers.0.officer_post": "officer",
    },
}

# Material, and which of the files it takes.
MATERIALS = {"business_licence": "licence", "layout": "layout", "equipment": "equipment", "rules": "rules"}


# -- by hand


def answer_questions(hand: Hand) -> None:
    """The guide's questions; those that an answer brings up are waited for."""
    for name, chosen in SITUATION.items():
        for value in [chosen] if isinstance(chosen, str) else chosen:
            hand.page.locator(f'form.situation input[name="{name}"][value="{value}"]').wait_for(state="attached")
            hand.answer(name, value)


def enter(hand: Hand, values: dict[str, str]) -> None:
    """Types and chooses, whatever kind of control a field has."""
    for field, value in values.items():
        control = hand.page.locator(f'[id="{field}"]')
        kind = control.evaluate("e => e.tagName")
        if kind == "SELECT":
            hand.select(field, value)
        elif kind == "FIELDSET":
            hand.answer(f"form.{field}", value)
        else:
            hand.fill(field, value)


def fill_sections(hand: Hand) -> None:
    """All three sections, one act each."""
    for section, values in SECTIONS.items():
        hand.page.wait_for_url(f"**/{section}*")
        enter(hand, values)
        hand.press("保存并继续")


def row(hand: Hand, material: str):
    """A material's place on the page of materials."""
    return hand.page.locator(f'li[id="m-{material}"]')


def upload(hand: Hand, material: str, file: Path) -> None:
    """One act; waits until the row says that the file is there."""
    hand.choose_file(hand.page.locator(f'[id="m-{material}-file"]'), file)


def number_in(url: str) -> str:
    """The case's number in an address like /510106/my/cases/NUMBER/submitted."""
    return url.split("/cases/")[1].split("/")[0].split("?")[0].split("#")[0]


# -- without a browser


def pairs(values: dict[str, str]) -> dict[str, str]:
    return {f"form.{field}": value for field, value in values.items()}


def begin_plainly(visitor: Visitor, item: str = ITEM, situation: dict | None = None) -> Page:
    """From the guide with its answers to the first section of a new draft."""
    answers = situation if situation is not None else SITUATION
    query = "&".join(
        f"{name}={value}"
        for name, chosen in answers.items()
        for value in ([chosen] if isinstance(chosen, str) else chosen)
    )
    guide = visitor.get(f"/items/{item}?{query}")
    assert guide.status == 200, f"{guide.url}: {guide.status}"
    first = visitor.send(guide, guide.form("/apply"))
    assert "/my/drafts/" in first.path, f"{first.url}: {first.status}\n{first.text[:3000]}"
    return first


def draft_in(path: str) -> str:
    return path.split("/drafts/")[1].split("/")[0]


def fill_plainly(visitor: Visitor, page: Page, sections: dict[str, dict[str, str]] | None = None) -> Page:
    """Every section of the draft to which `page` belongs; answers what comes after them."""
    for section, values in (sections or SECTIONS).items():
        assert f"/{section}" in page.path, f"expected the section {section}, got {page.url}\n{summary(page)}"
        page = visitor.send(page, page.form(button="保存并继续"), pairs(values), button="保存并继续")
        assert page.status == 200, f"{section}: {page.status}\n{summary(page)}"
    return page


def upload_plainly(
    visitor: Visitor, page: Page, files: dict[str, Path], materials: dict[str, str] | None = None
) -> Page:
    for material, file in (materials or MATERIALS).items():
        page = visitor.send(page, page.form(f"/materials/{material}"), button="上传", file=files[file])
        assert page.status == 200, f"{material}: {page.status}\n{summary(page)}"
    return page


def apply_plainly(visitor: Visitor, files: dict[str, Path]) -> str:
    """A whole application; answers the case's number."""
    page = upload_plainly(visitor, fill_plainly(visitor, begin_plainly(visitor)), files)
    check = visitor.send(page, page.form(button="下一步"), button="下一步")
    assert check.path.endswith("/check"), f"{check.url}\n{summary(check)}"
    form = check.form(button="提交申请")
    done = visitor.send(check, form, {"truth": "yes"}, button="提交申请")
    assert done.path.endswith("/submitted"), f"{done.url} {done.status}\n{summary(done)}"
    return number_in(done.path)


def act_plainly(visitor: Visitor, number: str, button: str, changes: dict | None = None) -> Page:
    """An officer's positive act on a case."""
    page = visitor.get(f"/desk/cases/{number}")
    assert page.status == 200, f"{page.url}: {page.status}"
    done = visitor.send(page, page.form(button=button), changes, button=button)
    assert done.status == 200, f"{button}: {done.status}\n{summary(done)}"
    return done


def summary(page: Page) -> str:
    """What a page complains about, for messages of tests."""
    import re

    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page.text, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", text)
    return re.sub(r"\s+", " ", text)[:2500]
