"""What happens beside the plain road, by hand at the desk and on the owner's phone: stops, extension, opinions, papers, afterwards."""

import datetime
import re

import pytest
from playwright.sync_api import expect

import road
from hand import Hand


@pytest.fixture(scope="module")
def applicant(house, playwright):
    from house import PASSWORD
    from plain import Visitor

    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OWNER, PASSWORD)
    yield visitor
    visitor.close()


def accepted(house, room, applicant, files) -> str:
    number = road.apply_plainly(applicant, files)
    officer = room.visitor(house, "demo.clerk")
    road.act_plainly(officer, number, "受理")
    officer.close()
    return number


def day(ahead: int) -> datetime.date:
    """Of Shanghai, so many days from today."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return now.date() + datetime.timedelta(days=ahead)


def enter_day(hand: Hand, field: str, date: datetime.date) -> None:
    for part in ("year", "month", "day"):
        hand.page.locator(f'[name="{field}.{part}"]').fill(str(getattr(date, part)))


def open_act(hand: Hand, house, number: str, name: str) -> None:
    """From the case, through the list of other procedures."""
    hand.open(house.address(f"/desk/cases/{number}"))
    hand.page.locator("details.decision-further summary").first.click()
    hand.press(hand.page.locator(f'.decision-further a[href*="/{name}"]'))
    hand.page.wait_for_url(f"**/{name}*")
    hand.look()


def confirm(hand: Hand, number: str) -> None:
    hand.press(hand.page.locator('button[name="action"][value="issue"]'))
    hand.page.wait_for_url(re.compile(rf"/desk/cases/{number}(\?|#|$)"))
    hand.look()


def test_the_clock_stands_for_a_hearing(house, room, files, applicant):
    """Reviewer stops it with a written notice, the owner reads why on the phone, the head extends, it goes on."""
    number = accepted(house, room, applicant, files)
    reviewer = Hand(room.desktop(house, "demo.reviewer"))
    open_act(reviewer, house, number, "start-procedure")
    reviewer.press(reviewer.page.locator('button[name="action"][value="issue"]'))
    expect(reviewer.page.locator(".error-summary")).to_be_visible()
    reviewer.look()
    reviewer.answer("procedure", "hearing")
    enter_day(reviewer, "expected", day(12))
    reviewer.page.locator('[name="reason"]').fill("涉及重大公共利益")
    confirm(reviewer, number)
    expect(reviewer.page.locator("main")).to_contain_text("听证")
    expect(reviewer.page.locator("#decision form")).to_have_count(0)

    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).to_contain_text("暂停计时")
    expect(owner.page.locator("main")).to_contain_text("特别程序告知书")
    assert owner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    head = Hand(room.desktop(house, "demo.head"))
    open_act(head, house, number, "extend")
    head.page.locator('[name="days"]').fill("11")
    head.press(head.page.locator('button[name="action"][value="issue"]'))
    expect(head.page.locator(".error-summary")).to_be_visible()
    head.page.locator('[name="days"]').fill("10")
    head.page.locator('[name="reason"]').fill("情况复杂")
    confirm(head, number)
    expect(head.page.locator("main")).to_contain_text("延长 10 个工作日")

    open_act(reviewer, house, number, "end-procedure")
    reviewer.answer("procedure", "hearing")
    reviewer.page.locator('[name="outcome"]').fill("各方无异议")
    confirm(reviewer, number)
    expect(reviewer.page.locator("#decision form")).to_have_count(1)
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).not_to_contain_text("暂停计时，程序")


def test_departments_answer_side_by_side(house, room, files, applicant):
    """Two are asked, one objects, a joint meeting concludes, the review goes on."""
    number = accepted(house, room, applicant, files)
    reviewer = Hand(room.desktop(house, "demo.reviewer"))
    open_act(reviewer, house, number, "ask-opinions")
    asked = [box.get_attribute("value") for box in reviewer.page.locator('input[name="departments"]').all()[:2]]
    for department in asked:
        reviewer.answer("departments", department)
    confirm(reviewer, number)
    for department, opinion in zip(asked, ("agree", "object"), strict=True):
        open_act(reviewer, house, number, "give-opinion")
        reviewer.answer("department", department)
        reviewer.answer("opinion", opinion)
        reviewer.page.locator('[name="opinion-words"]').fill("见会签单")
        confirm(reviewer, number)
    reviewer.press(reviewer.page.locator("#decision button").first)
    expect(reviewer.page.locator("main")).to_contain_text("联席会议")
    open_act(reviewer, house, number, "convene-meeting")
    enter_day(reviewer, "on", day(1))
    reviewer.page.locator('[name="on-time"]').fill("14:00")
    reviewer.answer("departments", asked[1])
    reviewer.page.locator('[name="place"]').fill("二楼会议室")
    reviewer.page.locator('[name="reason"]').fill("意见不一致")
    confirm(reviewer, number)
    open_act(reviewer, house, number, "conclude-meeting")
    reviewer.answer("conclusion", "go-on")
    reviewer.page.locator('[name="minutes"]').fill("一致同意继续办理")
    confirm(reviewer, number)
    reviewer.press(reviewer.page.locator("#decision button").first)
    reviewer.open(house.address(f"/desk/cases/{number}"))
    expect(reviewer.page.locator("main")).to_contain_text("审核完成")


def test_papers_asked_for_in_the_review(house, room, files, applicant):
    """One notice, handed in from the phone without JavaScript, marked at the desk."""
    number = accepted(house, room, applicant, files)
    reviewer = Hand(room.desktop(house, "demo.reviewer"))
    open_act(reviewer, house, number, "request-papers")
    reviewer.answer("kind", "missing")
    reviewer.answer("materials", "layout")
    reviewer.page.locator('[name="wanted"]').fill("请补充标出洗手池的平面图")
    confirm(reviewer, number)
    owner = Hand(room.plain(house, road.OWNER), looks=False)
    owner.open(house.address(f"/my/cases/{number}"))
    owner.press(owner.page.locator('main a[href*="/correction"]').first)
    owner.choose_file(owner.page.locator("main input[type=file]").first, files["layout2"])
    owner.press(owner.page.locator('button[name="action"][value="submit"]').last)
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).to_contain_text("提交材料")
    reviewer.open(house.address(f"/desk/cases/{number}"))
    expect(reviewer.page.locator("main")).to_contain_text(files["layout2"].name)


def test_after_the_decision(house, room, files, applicant):
    """Served, archived, revoked: each with its paper; the owner reads it."""
    number = accepted(house, room, applicant, files)
    for login, button in (("demo.reviewer", "通过"), ("demo.approver", "准予"), ("demo.clerk", "办结")):
        officer = room.visitor(house, login)
        road.act_plainly(officer, number, button, {"delivery": "electronic"} if button == "办结" else None)
        officer.close()
    clerk = Hand(room.desktop(house, "demo.clerk"))
    open_act(clerk, house, number, "serve")
    clerk.answer("method", "direct")
    confirm(clerk, number)
    expect(clerk.page.locator("main")).to_contain_text("行政复议")
    open_act(clerk, house, number, "archive")
    confirm(clerk, number)
    head = Hand(room.desktop(house, "demo.head"))
    open_act(head, house, number, "revoke")
    head.answer("ground", "unqualified")
    head.page.locator('[name="facts"]').fill("经营场所不符合条件")
    head.page.locator('[name="reason"]').fill("对不符合条件的申请人准予许可")
    confirm(head, number)
    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).to_contain_text("撤销")
    expect(owner.page.locator("main")).to_contain_text("撤销行政许可决定书")


def test_anybody_objects_to_what_is_shown(house, room, files, applicant):
    """Put up at the desk, objected to from a stranger’s phone, answered at the desk."""
    number = accepted(house, room, applicant, files)
    reviewer = Hand(room.desktop(house, "demo.reviewer"))
    open_act(reviewer, house, number, "publicise")
    enter_day(reviewer, "until", day(7))
    reviewer.page.locator('[name="shown"]').fill("拟准予在示范路 2 号从事餐饮服务")
    confirm(reviewer, number)
    stranger = Hand(room.phone(house))
    stranger.open(house.address("/publicity"))
    stranger.look()
    stranger.page.locator(f'main a[href$="/publicity/{number}"]').click()
    expect(stranger.page.locator("main")).to_contain_text("拟准予在示范路 2 号从事餐饮服务")
    assert stranger.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stranger.look()
    stranger.page.locator('[name="objection"]').fill("油烟扰民")
    stranger.press("提交异议")
    expect(stranger.page.locator(".error-summary")).to_be_visible()
    expect(stranger.page.locator('[name="objection"]')).to_have_value("油烟扰民")
    stranger.look()
    stranger.page.locator('[name="objector"]').fill("邻居丙")
    stranger.page.locator('[name="contact"]').fill("13700000003")
    stranger.press("提交异议")
    expect(stranger.page.locator("body")).to_contain_text("异议已经收到")
    number_and_code = [stranger.page.locator(f'[name="{name}"]').input_value() for name in ("number", "code")]
    assert number_and_code[0] == f"{number}-1"
    stranger.look()
    stranger.press("查询")
    expect(stranger.page.locator("main")).to_contain_text("等待答复")
    stranger.look()
    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).to_contain_text("收到一项异议")
    expect(owner.page.locator("main")).not_to_contain_text("邻居丙")
    reviewer.open(house.address(f"/desk/cases/{number}"))
    expect(reviewer.page.locator("main")).to_contain_text("邻居丙")
    open_act(reviewer, house, number, "resolve-objection")
    reviewer.answer("upheld", "no")
    reviewer.page.locator('[name="reason"]').fill("已经安装油烟净化设施")
    confirm(reviewer, number)
    stranger.open(house.address("/objections"))
    for name, value in zip(("number", "code"), number_and_code):
        stranger.page.locator(f'[name="{name}"]').fill(value)
    stranger.press("查询")
    expect(stranger.page.locator("main")).to_contain_text("已经安装油烟净化设施")
    assert stranger.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stranger.look()


def test_the_applicant_changes_his_mind(house, room, files, applicant):
    """Chosen by keyboard on the phone, changed, handed in; the reviewer reads what is new."""
    number = accepted(house, room, applicant, files)
    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address(f"/my/cases/{number}"))
    owner.follow("变更申请内容")
    owner.press("下一步")
    expect(owner.page.locator(".error-summary")).to_be_visible()
    owner.look()
    box = owner.page.locator('input[name="fields"]').first
    chosen = box.get_attribute("value")
    box.focus()
    owner.key("Space")
    owner.press("下一步")
    owner.page.wait_for_url(re.compile(rf"/my/cases/{number}/correction"))
    assert owner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    owner.look()
    owner.press("提交变更")
    expect(owner.page.locator(".error-summary")).to_be_visible()
    owner.look()
    field = owner.page.locator(f'[id="{chosen}"]')
    field.fill((field.input_value() + " 二")[:100])
    owner.page.locator('[name="answer.o.amend"]').fill("写得更清楚")
    owner.press("提交变更")
    owner.page.wait_for_url(re.compile(rf"/my/cases/{number}(\?|#|$)"))
    expect(owner.page.locator("main")).to_contain_text("变更申请内容回执")
    owner.look()
    reviewer = Hand(room.desktop(house, "demo.reviewer"))
    reviewer.open(house.address(f"/desk/cases/{number}"))
    expect(reviewer.page.locator("main")).to_contain_text("写得更清楚")
    stranger = Hand(room.phone(house))
    stranger.open(house.address("/decisions"))
    assert stranger.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_slip_is_taken_back(house, room, files, applicant):
    """The clerk accepts too early; a second clerk takes it back with a reason; the owner reads both."""
    number = road.apply_plainly(applicant, files)
    first = room.visitor(house, "demo.clerk")
    road.act_plainly(first, number, "受理")
    first.close()
    second = Hand(room.desktop(house, "demo.clerk2"))
    open_act(second, house, number, "undo")
    second.press(second.page.locator('button[name="action"][value="issue"]'))
    expect(second.page.locator(".error-summary")).to_be_visible()
    second.page.locator('[name="reason"]').fill("材料还没有看完")
    confirm(second, number)
    owner = Hand(room.phone(house, road.OWNER))
    owner.open(house.address(f"/my/cases/{number}"))
    expect(owner.page.locator("main")).to_contain_text("撤回了上一步：受理")
