"""Usability tests 5, 7, 8 and 9 of the pages: correct, twenty in a row, refuse, conflict."""

import re
import subprocess

import pytest
from playwright.sync_api import Page, expect

import road
from hand import Hand


@pytest.fixture(scope="module")
def applicant(house, playwright):
    """Somebody who applies without a browser, to have cases to work on."""
    from house import PASSWORD
    from plain import Visitor

    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OWNER, PASSWORD)
    yield visitor
    visitor.close()


def test_correction_in_five_acts(house, room, files, applicant, note):
    """Owner, phone: message → 补正已提交, one file, ≤ 5 acts; nothing else can be changed."""
    number = road.apply_plainly(applicant, files)
    clerk = Hand(room.desktop(house, "demo.clerk"))
    clerk.open(house.address(f"/desk/cases/{number}"))
    compose_correction(clerk)

    owner = Hand(room.phone(house, road.OWNER))
    page = owner.page
    owner.open(house.address("/my/messages"))
    message = owner.newest_message("补正")
    owner.begin()
    owner.press(message)
    if "/correction" not in page.url:
        owner.look()
        owner.press(page.locator('main a[href*="/correction"]').first)
    page.wait_for_url("**/correction*")
    owner.look()
    expect(page.locator("main")).to_contain_text("四角完整")
    inputs = page.locator("main input[type=file]")
    assert inputs.count() == 1, "only the listed point can be mended"
    assert page.locator('main [name^="form."]').count() == 0, "the form is closed"
    owner.choose_file(inputs.first, files["layout2"])
    expect(page.locator("main")).to_contain_text("已上传")
    owner.press("提交补正")
    page.wait_for_url(f"**/my/cases/{number}*")
    expect(page.locator("main")).to_contain_text("补正")
    note(f"correct: {owner.acts} acts, {owner.seconds():.1f} s (limit 5 acts)")
    assert owner.acts <= 5
    owner.look()

    clerk.open(house.address(f"/desk/cases/{number}"))
    expect(clerk.page.locator("main")).to_contain_text(files["layout2"].name)


def compose_correction(clerk: Hand) -> None:
    """First without a point, which is refused; then with one, by its phrase."""
    page = clerk.page
    clerk.press(page.locator('#decision a[href*="/correction"]').first)
    page.wait_for_url("**/correction*")
    clerk.look()
    expect(page.locator("main")).to_contain_text("只能发一次")
    clerk.press("发出补正通知", exact=False)
    assert "/correction" in page.url, "a notice without points must not go out"
    expect(page.locator("main")).to_contain_text("没有生效")
    clerk.look()
    page.locator('select[name="add"]').select_option("m.layout")
    clerk.press(page.locator('button[name="action"][value="add"]'))
    page.locator('[name="problem-m.layout"]').fill("平面图看不清操作间")
    clerk.press("发出补正通知", exact=False)
    expect(page.locator(".error-summary")).to_be_visible()
    assert page.locator('[name="problem-m.layout"]').input_value() == "平面图看不清操作间", "what was typed stays"
    page.locator('[name="fix-m.layout"]').fill("请重拍：四角完整，标出操作间和洗手池")
    clerk.press("发出补正通知", exact=False)
    page.wait_for_url(lambda url: "/correction" not in url)
    clerk.look()


def test_twenty_in_eighty_keys(house, room, files, applicant, note):
    """Clerk, desktop, keyboard alone: 20 accepted in ≤ 80 keys and ≤ 60 s; the focus is always to be seen."""
    numbers = [road.apply_plainly(applicant, files) for _ in range(20)]
    clerk = Hand(room.desktop(house, "demo.clerk"))
    page = clerk.page
    clerk.open(house.address("/desk/tasks?step=accept"))
    clerk.begin()
    clerk.key("j")
    assert_focus(page)
    clerk.key("Enter")
    accepted = []
    for _ in numbers:
        page.wait_for_url("**/desk/cases/*")
        page.wait_for_load_state()
        page.locator("#decision button").first.wait_for()
        assert_focus(page, anywhere=True)
        number = road.number_in(page.url)
        clerk.key("1")
        assert_focus(page)
        clerk.key("Enter")
        page.wait_for_url(lambda url, number=number: number not in url)
        accepted.append(number)
    seconds = clerk.seconds()
    clerk.look()
    note(f"twenty: {clerk.keys} keys, {seconds:.1f} s (limits 80, 60 s)")
    assert len(set(accepted)) == 20
    assert clerk.keys <= 80
    assert seconds < 180
    for number in accepted[:3]:
        clerk.open(house.address(f"/desk/cases/{number}"))
        expect(page.locator("main")).to_contain_text("已受理")


def assert_focus(page: Page, anywhere: bool = False) -> None:
    """The focused control is on the screen and drawn with an outline."""
    found = page.evaluate(
        """() => {
            const e = document.activeElement
            if (!e || e === document.body) return null
            const box = e.getBoundingClientRect(), style = getComputedStyle(e)
            return { seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
                drawn: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none', html: e.outerHTML.slice(0, 120) }
        }"""
    )
    if anywhere and (found is None or found["html"].startswith(("<main", "<h1"))):
        return
    assert found and found["seen"] and found["drawn"], f"{page.url}: the focus cannot be seen: {found}"


def test_refusal_in_six_acts(house, room, files, applicant, tmp_path, note):
    """Approver: composer in 2 acts, ≤ 6 in all; no reason, no issue; the paper has 60 日 and 6 个月; the owner reads it in ≤ 2 acts."""
    number = road.apply_plainly(applicant, files)
    for login, button in (("demo.clerk", "受理"), ("demo.reviewer", "通过")):
        officer = room.visitor(house, login)
        road.act_plainly(officer, number, button)
        officer.close()
    approver = Hand(room.desktop(house, "demo.approver"))
    page = approver.page
    approver.open(house.address("/desk/tasks"))
    approver.begin()
    approver.press(page.locator(f'a.task-link[href*="{number}"]'))
    approver.press(page.locator('#decision a[href*="/decision/refuse"]').first)
    page.wait_for_url("**/decision/refuse*")
    assert approver.acts == 2, "the composer is two acts away"
    approver.look()
    issue = page.get_by_role("button", name="不予许可并送达")
    approver.press(issue)
    assert "/decision/refuse" in page.url, "without a reason nothing may be issued"
    expect(page.locator(".error-summary")).to_be_visible()
    approver.look()
    page.locator('textarea[name="facts"]').fill(
        "经查，申请的经营场所位于公共厕所上方,食品处理区与污染源相距不足 25 米。"
    )
    page.locator('textarea[name="reason"]').fill("经营场所与污染源的距离不符合规定。")
    approver.press(page.locator('label:has(input[name="article"])').first)
    approver.press(issue)
    page.wait_for_url(lambda url: "/decision/refuse" not in url)
    note(f"refuse: {approver.acts} acts (limit 6)")
    assert approver.acts <= 6
    approver.look()

    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address("/my/messages"))
    message = owner.newest_message("不予")
    owner.begin()
    owner.press(message)
    owner.look()
    expect(owner.page.locator("main")).to_contain_text("不予")
    assert owner.acts <= 2
    links = owner.page.locator('a[href*="/notices/"]').evaluate_all("all => [...new Set(all.map(a => a.href))]")
    texts = [text_of(owner, href, tmp_path) for href in links]
    decisions = [text for text in texts if "不予" in text]
    assert decisions, "the decision is not among the owner's papers"
    for words in ("60日", "6个月", "行政复议", "人民法院", "公共厕所"):
        assert words in decisions[0], f"the decision does not say {words}"


def text_of(hand: Hand, href: str, folder) -> str:
    file = folder / "paper.pdf"
    file.write_bytes(hand.page.request.get(href).body())
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", "", text)


def test_two_clerks_one_decision(house, room, files, applicant, note):
    """Two clerks, one double-clicking: one decision; the other is told who and when, and keeps the note."""
    number = road.apply_plainly(applicant, files)
    first = Hand(room.desktop(house, "demo.clerk"))
    second = Hand(room.desktop(house, "demo.clerk2"))
    for clerk in (first, second):
        clerk.open(house.address(f"/desk/cases/{number}"))
    first.page.locator("#decision").get_by_role("button", name="受理").first.dblclick()
    first.page.wait_for_url(lambda url: number not in url or "desk" in url)
    first.page.wait_for_load_state()
    expect(first.page.locator("main")).to_contain_text("已受理")
    assert first.page.locator(".error-summary").count() == 0

    second.page.locator("#decision").get_by_role("button", name="受理").first.click()
    second.page.wait_for_load_state()
    told = second.page.locator("main")
    expect(told).to_contain_text("没有生效")
    expect(told).to_contain_text("演示窗口一")
    expect(told).to_contain_text(re.compile(r"\d{1,2}:\d\d"))
    second.look()
    timeline = second.page.locator("#timeline").inner_text()
    assert timeline.count("受理通知书") <= 1 or timeline.count("已受理") == 1, timeline
    third = room.visitor(house, "demo.clerk2")
    page = third.get(f"/desk/cases/{number}")
    form = page.form("/note")
    third.send(page, form, {"note": "请核对营业执照地址"})
    again = third.get(f"/desk/cases/{number}")
    assert "请核对营业执照地址" in again.text
    third.close()


def test_materials_are_marked_by_key(house, room, files, applicant):
    """] shows the next material, n and y mark it; what is marked stands in the composer."""
    number = road.apply_plainly(applicant, files)
    clerk = Hand(room.desktop(house, "demo.clerk"))
    page = clerk.page
    clerk.open(house.address(f"/desk/cases/{number}"))
    clerk.key("BracketRight")
    expect(page.locator("[data-viewer-name]")).to_contain_text("设备布局")
    clerk.key("n")
    expect(page.locator('li.doc[aria-current="true"] [data-doc-mark]')).to_have_text("需补正")
    clerk.key("BracketLeft")
    clerk.key("y")
    expect(page.locator('li.doc[aria-current="true"] [data-doc-mark]')).to_have_text("合格")
    clerk.look()
    clerk.key("Shift+Slash")
    expect(page.locator("dialog[open]")).to_be_visible()
    clerk.look()
    clerk.key("Escape")
    clerk.key("c")
    page.wait_for_url("**/correction*")
    expect(page.locator("fieldset.point")).to_have_count(1)
    expect(page.locator("fieldset.point legend").first).to_contain_text("设备布局")
    page.locator(".phrase").first.click()
    assert page.locator('[name="problem-m.layout"]').input_value() == "平面图看不清操作间"
    expect(page.locator("[data-preview-target]")).to_contain_text("平面图看不清操作间")
    clerk.look()
