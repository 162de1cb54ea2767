"""The whole road in one go: from 开饭店 in the search box to the licence in the owner's hands, on both databases."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

import road
from hand import Hand
from house import AREA, House, PASSWORD


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def either_house(request) -> House:
    return request.getfixturevalue("house" if request.param == "SQLite" else "house_on_postgres")


def test_from_the_search_box_to_the_licence(either_house, room, files, tmp_path):
    house = either_house
    owner = Hand(room.page(house, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True))
    sign_in_resident(owner, house)
    find_the_guide(owner)
    number = apply(owner, files)
    decide(house, room, number)
    papers = read_the_result(owner, house, number)
    check_papers(owner, house, papers, tmp_path)
    verify_by_qr(owner, house, papers, tmp_path)
    judge(owner, house, number)
    told = house.run("verify", "--log", "error")
    assert told.returncode == 0 and " 0 faults" in told.stdout, told.stdout[-2000:]


def sign_in_resident(owner: Hand, house: House) -> None:
    owner.open(f"{house.url}/?choose=1")
    owner.follow(owner.page.get_by_role("link", name="金牛区").first)
    owner.look()
    owner.follow("登录")
    owner.look()
    owner.fill("phone", road.OWNER)
    owner.fill("password", PASSWORD)
    owner.press("登录")
    owner.page.wait_for_url(f"**/{AREA}/**")
    assert "/sign-in" not in owner.page.url
    owner.look()


def find_the_guide(owner: Hand) -> None:
    owner.fill("site-search", "开饭店")
    owner.page.locator("#site-search").press("Enter")
    owner.page.wait_for_url("**/search?**")
    owner.look()
    owner.press(owner.page.locator("ol.results a").first)
    owner.page.wait_for_url(f"**/items/{road.ITEM}*")
    expect(owner.page.get_by_role("heading", level=1)).to_contain_text(road.ITEM_NAME)
    owner.look()


def apply(owner: Hand, files: dict[str, Path]) -> str:
    page = owner.page
    road.answer_questions(owner)
    expect(page.locator("#materials")).to_contain_text("需要 4 份材料")
    owner.look()
    owner.press("在线申请")
    for section, values in road.SECTIONS.items():
        page.wait_for_url(f"**/{section}*")
        owner.look()
        road.enter(owner, values)
        owner.press("保存并继续")
    page.wait_for_url("**/materials*")
    owner.look()
    for material, file in road.MATERIALS.items():
        road.upload(owner, material, files[file])
        expect(road.row(owner, material)).to_contain_text("已上传")
    owner.look()
    owner.press("下一步", exact=False)
    page.wait_for_url("**/check*")
    owner.look()
    owner.press(page.locator('label:has(input[name="truth"])'))
    owner.press("提交申请")
    page.wait_for_url("**/submitted*")
    owner.look()
    number = road.number_in(page.url)
    expect(page.locator(".case-number").first).to_contain_text(number[:6])
    expect(page.locator("main")).to_contain_text("最迟")
    page.reload()
    expect(page.locator("main")).to_contain_text("接下来")
    for path in ("/my/cases", f"/my/cases/{number}", "/my/messages"):
        owner.open(page.url.split("/my/")[0] + path)
    return number


def decide(house: House, room, number: str) -> None:
    """Clerk, reviewer, approver, clerk: each opens the task and presses the one positive button."""
    for login, button, state in [
        ("demo.clerk", "受理", "受理"),
        ("demo.reviewer", "通过", "审"),
        ("demo.approver", "准予", "准予"),
        ("demo.clerk", "办结", "办结"),
    ]:
        officer = Hand(room.desktop(house))
        officer.open(house.address("/desk/tasks"))
        assert "/desk/sign-in" in officer.page.url
        officer.fill("login", login)
        officer.fill("password", PASSWORD)
        officer.press("登录")
        officer.page.wait_for_url("**/desk/tasks*")
        officer.look()
        officer.press(officer.page.locator(f'a.task-link[href*="{number}"]'))
        officer.page.wait_for_url(f"**/desk/cases/{number}*")
        officer.look()
        delivery = officer.page.locator('#decision input[name="delivery"]')
        if delivery.count() and delivery.first.get_attribute("type") == "radio":
            officer.answer("delivery", "electronic")
        officer.press(officer.page.locator("#decision").get_by_role("button", name=button).first)
        officer.page.wait_for_url("**/desk/**")
        expect(officer.page.locator("main")).to_contain_text(state)
        officer.look()


def read_the_result(owner: Hand, house: House, number: str) -> list[str]:
    """已办结, and the addresses of the papers."""
    owner.open(house.address("/my/cases"))
    expect(owner.page.locator("main")).to_contain_text("已办结")
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).to_contain_text("已办结")
    hrefs = owner.page.locator('a[href*="/notices/"]').evaluate_all("all => [...new Set(all.map(a => a.href))]")
    assert len(hrefs) >= 3, f"receipt, acceptance, decision, result are expected, there are {hrefs}"
    return hrefs


def check_papers(owner: Hand, house: House, papers: list[str], folder: Path) -> None:
    words = ""
    for index, href in enumerate(papers):
        answer = owner.page.request.get(href)
        assert answer.ok and answer.headers["content-type"] == "application/pdf", f"{href}: {answer.status}"
        file = folder / f"{index}.pdf"
        file.write_bytes(answer.body())
        info = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True)
        assert info.returncode == 0 and "Pages:" in info.stdout, info.stderr
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "演示" in text, "a paper of the demonstration says so"
        words += text
    plain = re.sub(r"\s+", "", words)
    for needed in ("准予", "受理", "行政"):
        assert needed in plain, f"no paper says {needed}"


def verify_by_qr(owner: Hand, house: House, papers: list[str], folder: Path) -> None:
    """Whoever holds a paper reads its code and sees that it is good."""
    found = []
    for index in range(len(papers)):
        picture = folder / f"{index}"
        subprocess.run(["pdftoppm", "-r", "150", "-png", str(folder / f"{index}.pdf"), str(picture)], check=True)
        for sheet in sorted(folder.glob(f"{index}-*.png")):
            read = subprocess.run(["zbarimg", "-q", "--raw", str(sheet)], capture_output=True, text=True)
            found += read.stdout.split()
    codes = [url for url in found if "/verify/" in url]
    assert codes, f"no paper carries a code that leads to the verification: {found}"
    assert all(url.startswith(f"{house.url}/{AREA}/verify/") for url in codes)
    owner.open(codes[-1])
    expect(owner.page.locator("main")).to_contain_text("有效")
    expect(owner.page.locator("main")).not_to_contain_text("演示小吃店有限")
    owner.open(house.address("/verify/AAAA-AAAA-AAAA"))
    expect(owner.page.locator("main")).not_to_contain_text("有效")


def judge(owner: Hand, house: House, number: str) -> None:
    """好差评: a grade, that grade's tags, and it stands."""
    owner.open(house.address(f"/my/cases/{number}"))
    owner.press(owner.page.locator('main a[href$="/rating"]').first)
    owner.page.wait_for_url("**/rating*")
    owner.look()
    owner.press("提交评价")
    expect(owner.page.locator(".error-summary")).to_be_visible()
    owner.look()
    owner.page.locator('label:has(input[name="grade"])').first.click()
    owner.look()
    owner.press("提交评价")
    expect(owner.page.locator("main")).to_contain_text("非常满意")
    assert owner.page.locator(".error-summary").count() == 0
    owner.look()
