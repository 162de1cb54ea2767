"""The turnings of the road, as officers take them at the desk: 不予受理, 不受理, 退回, 转交, 请假交接, 作废."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

import road
from hand import Hand
from test_usability_desk import text_of


@pytest.fixture(scope="module")
def applicant(house, playwright):
    """Somebody who applies without a browser, to have cases to work on."""
    from house import PASSWORD
    from plain import Visitor

    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OWNER, PASSWORD)
    yield visitor
    visitor.close()


def open_case(house, room, login: str, number: str) -> Hand:
    hand = Hand(room.desktop(house, login))
    hand.open(house.address(f"/desk/cases/{number}"))
    return hand


def compose(hand: Hand, kind: str) -> Page:
    """By the keyboard: d to the panel, its number to the button, Enter."""
    page = hand.page
    hand.key("d")
    link = page.locator(f'#decision a[href*="/{kind}"]')
    link.focus()
    hand.key("Enter")
    page.wait_for_url(f"**/{kind}*")
    hand.look()
    return page


def by_others(room, house, number: str, *steps: tuple[str, str]) -> None:
    for login, button in steps:
        officer = room.visitor(house, login)
        road.act_plainly(officer, number, button)
        officer.close()


def resident_sees(house, room, number: str, *words: str) -> Hand:
    """What the applicant reads on the phone: the message, then the case."""
    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address(f"/my/cases/{number}"))
    main = owner.page.locator("main")
    for word in words:
        expect(main).to_contain_text(word)
    assert "cases." not in main.inner_text(), "a text is missing"
    return owner


def choose(page: Page, control: str, words: str) -> None:
    """The option that says this, whatever else it says."""
    page.locator(control).select_option(page.locator(f"{control} option", has_text=words).first.get_attribute("value"))


def papers(hand: Hand, tmp_path) -> list[str]:
    links = hand.page.locator('main a[href*="/notices/"]').evaluate_all("all => [...new Set(all.map(a => a.href))]")
    return [text_of(hand, href, tmp_path) for href in links]


def test_another_organs_matter_is_declined_with_the_organ_to_turn_to(house, room, files, applicant, tmp_path):
    """不予受理: without the organ and the reason nothing is issued; the resident reads where to go."""
    number = road.apply_plainly(applicant, files)
    clerk = open_case(house, room, "demo.clerk", number)
    page = compose(clerk, "decision/decline")
    issue = page.get_by_role("button", name="不予受理并送达")
    issue.focus()
    clerk.key("Enter")
    expect(page.locator(".error-summary")).to_contain_text("填写理由")
    expect(page.locator(".error-summary")).to_contain_text("填写应当向哪个机关申请")
    clerk.look()
    page.locator('[name="referTo"]').fill("成都市金牛区农业农村局")
    page.locator('textarea[name="reason"]').fill("申请的经营项目不由本机关许可。")
    expect(page.locator("[data-preview-target]")).to_contain_text("请向成都市金牛区农业农村局申请")
    page.locator('textarea[name="reason"]').focus()
    clerk.key("Control+Enter")
    page.wait_for_url(lambda url: "/decision/" not in url)
    expect(page.locator(".flash, [role=status], .banner").first).to_contain_text("不予受理")
    clerk.look()
    owner = resident_sees(house, room, number, "不予受理", "成都市金牛区农业农村局", "申请的经营项目不由本机关许可", "行政复议")
    owner.look()
    paper = next(text for text in papers(owner, tmp_path) if "不予受理决定书" in text)
    for words in ("成都市金牛区农业农村局", "60日", "6个月", "演示"):
        assert words in paper
    owner.open(house.address("/my/messages"))
    owner.newest_message("不予受理")


def test_what_needs_no_licence_is_told_at_once(house, room, files, applicant, tmp_path):
    """不受理: the act ends the case with its document."""
    number = road.apply_plainly(applicant, files)
    clerk = open_case(house, room, "demo.clerk", number)
    page = compose(clerk, "decision/not-needed")
    page.locator('textarea[name="reason"]').fill("销售预包装食品，只需备案，不需要取得食品经营许可。")
    issue = page.get_by_role("button", name="不受理并送达")
    issue.focus()
    clerk.key("Enter")
    page.wait_for_url(lambda url: "/decision/" not in url)
    owner = resident_sees(house, room, number, "不受理", "只需备案")
    paper = next(text for text in papers(owner, tmp_path) if "不受理告知书" in text)
    assert "依法不需要取得许可" in paper
    clerk.open(house.address(f"/desk/cases/{number}"))
    expect(clerk.page.locator("main")).to_contain_text("本件已经结束")


def test_a_case_goes_back_to_its_reviewer_and_comes_forward_again(house, room, files, applicant):
    """退回: the reason is the office's own; the reviewer has the task, and passes it again."""
    number = road.apply_plainly(applicant, files)
    by_others(room, house, number, ("demo.clerk", "受理"), ("demo.reviewer", "通过"))
    approver = open_case(house, room, "demo.approver", number)
    page = compose(approver, "decision/return")
    page.get_by_role("button", name="退回审核").click()
    expect(page.locator(".error-summary")).to_contain_text("填写理由")
    approver.look()
    page.locator('textarea[name="reason"]').fill("请再核对操作间的面积")
    page.get_by_role("button", name="退回审核").click()
    page.wait_for_url(lambda url: "/decision/" not in url)
    reviewer = open_case(house, room, "demo.reviewer", number)
    main = reviewer.page.locator("main")
    expect(main).to_contain_text("请再核对操作间的面积")
    expect(main).to_contain_text("办理人：演示审核")
    reviewer.look()
    owner = resident_sees(house, room, number, "退回审核")
    assert "操作间的面积" not in owner.page.locator("main").inner_text(), "officers' words are not the applicant's"
    reviewer.page.locator('[name="opinion"]').fill("已核对，与平面图一致")
    reviewer.press("审核通过")
    approver.open(house.address(f"/desk/cases/{number}"))
    expect(approver.page.locator("main")).to_contain_text("已核对，与平面图一致")
    expect(approver.page.get_by_role("button", name="准予")).to_be_visible()


def test_a_task_is_handed_to_a_colleague(house, room, files, applicant):
    """转交: who has it now may act, who had it may not; back in the queue anybody of it may."""
    number = road.apply_plainly(applicant, files)
    first = open_case(house, room, "demo.clerk", number)
    first.key("a")
    first.key("Enter")
    expect(first.page.locator("main")).to_contain_text("办理人：演示窗口一")
    first.page.locator("#person").select_option(label="演示窗口二")
    first.press("转交")
    expect(first.page.locator("main")).to_contain_text("演示窗口二正在办理本件")
    assert first.page.locator("#decision button.decision-act").count() == 0
    first.look()
    second = Hand(room.desktop(house, "demo.clerk2"))
    second.open(house.address("/desk/tasks?view=mine"))
    second.press(second.page.locator(f'a.task-link[href*="{number}"]'))
    expect(second.page.get_by_role("button", name="受理", exact=True)).to_be_visible()
    second.page.locator("#person").select_option("queue")
    second.press("转交")
    first.open(house.address(f"/desk/cases/{number}"))
    expect(first.page.get_by_role("button", name="受理", exact=True)).to_be_visible()
    timeline = first.page.locator("main").inner_text()
    assert "转交给同事" in timeline and "放回待认领" in timeline


def test_the_deputy_acts_for_who_is_away(house, room, files, applicant):
    """请假交接: the tasks of who is away go to the deputy, who can decide them; the correction's answer does too."""
    answered, number = road.apply_plainly(applicant, files), road.apply_plainly(applicant, files)
    away = open_case(house, room, "demo.clerk2", number)
    away.key("a")
    away.key("Enter")
    expect(away.page.locator("main")).to_contain_text("办理人：演示窗口二")
    away.open(house.address(f"/desk/cases/{answered}/correction"))
    away.page.locator('select[name="add"]').select_option("m.layout")
    away.press(away.page.locator('button[name="action"][value="add"]'))
    away.page.locator('[name="problem-m.layout"]').fill("看不清操作间")
    away.page.locator('[name="fix-m.layout"]').fill("请重拍")
    away.press("发出补正通知", exact=False)
    away.page.wait_for_url(lambda url: "/correction" not in url)

    away.open(house.address("/desk/absence"))
    page = away.page
    choose(page, "#deputy", "演示窗口一")
    for name in ("year", "month", "day"):
        page.locator(f'[name="to.{name}"]').fill(page.locator(f'[name="from.{name}"]').input_value())
    away.look()
    away.press("确认交接")
    away.look()
    expect(page.locator("main")).to_contain_text("演示窗口一")

    deputy = Hand(room.desktop(house, "demo.clerk"))
    deputy.open(house.address("/desk/tasks?view=mine"))
    deputy.press(deputy.page.locator(f'a.task-link[href*="{number}"]'))
    expect(deputy.page.locator("main")).to_contain_text("转交给同事")
    deputy.press("受理")
    expect(deputy.page.locator("main")).to_contain_text("已受理")

    page = applicant.get(f"/my/cases/{answered}/correction")
    done = applicant.send(page, page.form(button="提交补正"), button="提交补正", file=files["layout2"])
    assert done.status == 200 and "/correction" not in done.path, road.summary(done)
    deputy.open(house.address("/desk/tasks?view=mine"))
    expect(deputy.page.locator("main")).to_contain_text(grouped(answered))
    deputy.open(house.address(f"/desk/cases/{answered}"))
    expect(deputy.page.get_by_role("button", name="受理", exact=True)).to_be_visible()

    away.open(house.address("/desk/absence"))
    away.press(away.page.locator('main button[name="action"][value="end"], main button[value="end"]').first)


def grouped(number: str) -> str:
    return " ".join((number[:6], number[6:14], number[14:16], number[16:-1], number[-1]))


def test_an_error_of_the_office_is_voided_by_a_second_officer(house, room, files, applicant, tmp_path):
    """作废: only by who had no hand in it, with a reason; what was issued holds no longer, and the resident is told."""
    number = road.apply_plainly(applicant, files)
    by_others(room, house, number, ("demo.clerk", "受理"))
    clerk = open_case(house, room, "demo.clerk", number)
    assert clerk.page.locator('a[href*="decision/void"]').count() == 0, "no clerk voids"
    assert clerk.page.goto(house.address(f"/desk/cases/{number}/decision/void")).status == 404

    head = Hand(room.desktop(house, "demo.head"))
    head.open(house.address("/desk/search"))
    head.page.locator('main [name="q"]').fill(number)
    head.key("Enter")
    head.page.wait_for_url("**/search?*")
    head.look()
    head.press(head.page.locator(f'main a[href*="/desk/cases/{number}"]'))
    page = compose(head, "decision/void")
    page.get_by_role("button", name="作废本件").click()
    expect(page.locator(".error-summary")).to_contain_text("填写理由")
    page.locator('textarea[name="reason"]').fill("窗口受理时选错了事项")
    page.get_by_role("button", name="作废本件").focus()
    head.key("Enter")
    page.wait_for_url(lambda url: "/decision/" not in url)
    expect(page.locator("body")).to_contain_text("已作废")
    head.look()

    owner = resident_sees(house, room, number, "已作废", "窗口受理时选错了事项", "已失效")
    owner.look()
    acceptance = next(text for text in papers(owner, tmp_path) if "受理通知书" in text)
    code = re.search(r"/verify/([\w-]{24})", acceptance)
    assert code, acceptance
    owner.open(house.address(f"/verify/{code.group(1)}"))
    expect(owner.page.locator("main")).to_contain_text("已撤销")
    owner.open(house.address("/my/messages"))
    owner.newest_message("已作废")
    clerk.open(house.address(f"/desk/cases/{number}"))
    expect(clerk.page.locator("main")).to_contain_text("窗口受理时选错了事项")
    assert urlsplit(clerk.page.url).path.endswith(number)
