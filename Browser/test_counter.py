"""窗口接待: any window takes any item for the one who sits there; a branch's agent does no more than that."""

import re

import pytest
from playwright.sync_api import Page, expect

import road
from checks import no_sideways_scroll
from hand import Hand
from house import AREA, PASSWORD

APPLICANT = "13800000001"
CITY = "420607"
HANDLER = {"name": "演示经办人", "idNumber": "110105200001010016"}


def sit_down(hand: Hand, house, present: str = "self", area: str = AREA) -> None:
    """From the counter's page to the sitting: the applicant is found, his card compared."""
    page = hand.page
    counter = f"{house.url}/{area}/desk/counter"
    hand.open(counter)
    if page.url.endswith("/now"):
        hand.press("结束接待")
        page.wait_for_url(counter)
    page.locator("main input[name=q]").fill(APPLICANT)
    hand.press("查找")
    hand.look()
    no_sideways_scroll(page)
    hand.answer("present", present)
    hand.answer("seen", "yes")
    hand.press("开始接待")
    page.wait_for_url("**/desk/counter/now")
    expect(page.locator("h1")).to_contain_text("正在接待")
    hand.look()
    no_sideways_scroll(page)


def screen_of(page: Page) -> str:
    return page.get_by_role("link", name="打开客户屏").get_attribute("href")


def item_guide(hand: Hand, house) -> None:
    """The item is found from the sitting's own search; the banner says for whom one types."""
    page = hand.page
    page.locator("main input[name=q]").fill("食品经营许可")
    hand.press("查找事项")
    hand.follow(page.locator("main .results a").filter(has_text=road.ITEM_NAME).first)
    expect(page.locator("body")).to_contain_text("窗口代填，申请人：演*")
    road.answer_questions(hand)
    hand.look()


@pytest.mark.parametrize("shape", ["desktop", "plain"])
def test_any_window_takes_any_item(house, room, files, shape):
    """Clerk, desktop, and a phone without JavaScript: sits somebody down, applies, prints the receipt; the applicant reads along."""
    clerk = Hand(getattr(room, shape)(house, "demo.clerk2"))
    page = clerk.page
    sit_down(clerk, house)
    screen = Hand(room.desktop(house))
    screen.open(house.url + screen_of(page))
    expect(screen.page.locator("main")).to_contain_text("窗口人员正在为您选择事项")
    expect(screen.page.locator("body")).not_to_contain_text("回到接待页")

    if shape == "plain":
        # Answers travel with the address where there are no scripts.
        clerk.open(
            house.address(f"/items/{road.ITEM}?s.business=catering&s.projects=hot&s.who=self")
        )
        expect(page.locator("body")).to_contain_text("窗口代填，申请人：演*")
    else:
        item_guide(clerk, house)
    clerk.press("在线申请")
    road.fill_sections(clerk)
    page.wait_for_url("**/materials*")
    for material, file in road.MATERIALS.items():
        row = road.row(clerk, material)
        clerk.choose_file(row.locator("input[type=file]"), files[file])
        if row.get_by_role("button", name="上传").filter(visible=True).count():
            clerk.press(row.get_by_role("button", name="上传").first)
        expect(road.row(clerk, material)).to_contain_text(files[file].name)
    # It comes anew by itself every five seconds.
    shown = screen.page.locator("main")
    expect(shown).to_contain_text("演示小吃店", timeout=20_000)
    expect(shown).to_contain_text("请核对窗口人员填写的内容")
    assert "11010519491231002X" not in shown.inner_text(), "numbers are shown in part only"
    no_sideways_scroll(screen.page)

    clerk.open(house.address("/desk/counter/now"))
    clerk.press(page.locator("main table a").filter(has_text=road.ITEM_NAME).first)
    if "/check" not in page.url:
        clerk.open(page.url.split("?")[0].rstrip("/") + "/check")
    expect(page.locator("#handler")).to_have_text("经办人")
    clerk.look()
    clerk.press(page.locator('label:has(input[name="truth"])'))
    clerk.press("提交申请")
    page.wait_for_url("**/submitted")
    number = road.number_in(page.url)
    with page.expect_popup() if shape == "desktop" else page.context.expect_page() as receipt:
        page.get_by_role("link", name="打印收件凭证").first.click()
    assert "/notices/" in receipt.value.url
    receipt.value.close()
    expect(shown).to_contain_text("已提交，办件编号", timeout=20_000)

    # A second one of the same kind is pointed out.
    clerk.open(house.address("/desk/counter/now"))
    expect(page.locator("main")).to_contain_text("在办")
    clerk.look()
    no_sideways_scroll(page)
    clerk.open(house.address(f"/items/{road.ITEM}?s.business=catering&s.projects=hot&s.who=self"))
    clerk.press("在线申请")
    expect(page.locator("body")).to_contain_text("同一事项已有一件在办")
    clerk.open(house.address("/desk/counter/now"))
    clerk.press("结束接待")
    expect(shown).not_to_contain_text("演*", timeout=20_000)
    assert re.fullmatch(r"\d{22}", number)


def there(house, path: str) -> str:
    """In the city that has a package without form and papers."""
    return f"{house.url}/{CITY}{path}"


def test_a_package_at_the_window_for_a_handler(house, room, files):
    """Branch's agent, desktop: a handler comes with a power of attorney; one receipt, one code; later anybody with it sees the steps."""
    agent = Hand(room.desktop(house))
    page = agent.page
    agent.open(there(house, "/desk/sign-in"))
    page.locator("[name=login]").fill("demo.agent")
    page.locator("[name=password]").fill(PASSWORD)
    agent.press("登录")
    sit_down(agent, house, present="handler", area=CITY)
    expect(page.locator("main")).to_contain_text("到场的是经办人")
    agent.open(there(house, "/items/social-card"))
    agent.press("在线申请")
    page.wait_for_url("**/check*")
    expect(page.locator("main")).to_contain_text("到场的是经办人，请填写经办人并上传授权委托书")
    agent.follow(page.locator('main a[href$="/handler"]').last)
    agent.look()
    no_sideways_scroll(page)
    for field, value in HANDLER.items():
        agent.fill(field, value)
    for part, value in (("year", "2027"), ("month", "12"), ("day", "31")):
        agent.fill(f"until-{part}", value)
    agent.press("保存")
    expect(page.locator("main")).to_contain_text("请上传授权委托书")
    expect(page.locator('[id="name"]')).to_have_value(HANDLER["name"])
    agent.look()
    agent.choose_file(page.locator('[id="m--handler"]'), files["rules"])
    agent.press("保存")
    page.wait_for_url("**/check*")
    expect(page.locator("main")).to_contain_text(files["rules"].name)
    agent.look()
    agent.press(page.locator('label:has(input[name="truth"])'))
    agent.press("提交申请")
    page.wait_for_url("**/my/packages/*")
    number = page.url.split("/packages/")[1].split("?")[0]
    expect(page.locator("main")).to_contain_text("一件事已提交")
    expect(page.locator("main")).to_contain_text("经办人")
    agent.look()
    no_sideways_scroll(page)
    receipt = page.get_by_role("link", name="打印收件回执").get_attribute("href")
    answer = page.context.request.get(house.url + receipt)
    assert answer.status == 200 and answer.body().startswith(b"%PDF-")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator("main").inner_text()).group()

    # Nothing else is open to a branch: no desk, no others' cases.
    for path in ("/desk/tasks", "/desk/search?q=1", "/desk/identities", "/desk/board", f"/desk/cases/{number}"):
        assert page.context.request.get(there(house, path)).status == 404, path
    assert page.context.request.get(there(house, f"/my/packages/{number}/withdraw"), max_redirects=0).status == 404

    visitor = Hand(room.plain(house))
    visitor.open(there(house, f"/progress?number={number}&code={code}"))
    visitor.press("查询")
    expect(visitor.page.locator("main")).to_contain_text("各部门的步骤")
    expect(visitor.page.locator("main")).to_contain_text("社保卡")
    visitor.look()
    no_sideways_scroll(visitor.page)

    owner = Hand(room.phone(house, APPLICANT))
    owner.open(there(house, f"/my/packages/{number}"))
    owner.follow("收回委托")
    owner.look()
    owner.press("收回委托")
    expect(owner.page.locator("main")).to_contain_text("已于")
    owner.look()
    no_sideways_scroll(owner.page)


@pytest.mark.parametrize("shape", ["desktop", "phone"])
def test_the_counter_in_english(house, room, shape):
    """Clerk, desktop and phone, English: every page of the counter is whole."""
    clerk = Hand(getattr(room, shape)(house, "demo.clerk"))
    page = clerk.page
    clerk.open(f"{house.url}/preferences?language=en&back=%2F{AREA}%2Fdesk%2Fcounter")
    clerk.open(house.address("/desk/counter"))
    if page.url.endswith("/now"):
        page.locator("main form button").last.click()
    for width in (390, 1440) if shape == "desktop" else (390,):
        page.set_viewport_size({"width": width, "height": 900})
        no_sideways_scroll(page)
    assert not re.search(r"[\u4e00-\u9fff]", page.locator("main").inner_text())
    page.locator("main input[name=q]").fill(APPLICANT)
    page.locator("main button[value=find]").click()
    clerk.look()
    clerk.answer("present", "handler")
    clerk.answer("seen", "yes")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/desk/counter/now")
    clerk.look()
    no_sideways_scroll(page)
    page.locator("main form button").last.click()


def test_results_are_fetched_at_one_window(house, room, files):
    """Clerk of a window, phone without JavaScript: what a department has ready is handed over, and the proof is printed to be signed."""
    number = road.apply_plainly(room.visitor(house, APPLICANT), files)
    for who, button in (
        ("demo.clerk", "受理"),
        ("demo.reviewer", "通过"),
        ("demo.approver", "准予"),
        ("demo.clerk", "办结"),
    ):
        road.act_plainly(
            room.visitor(house, who), number, button, {"delivery": "counter"} if button == "办结" else None
        )
    clerk = Hand(room.plain(house, "demo.clerk2"))
    page = clerk.page
    sit_down(clerk, house)
    expect(page.locator("#results")).to_have_text("可以领取的结果")
    clerk.press("交付所选结果")
    expect(page.locator("main")).to_contain_text("请核对领取人后勾选")
    clerk.look()
    clerk.answer("signed", "yes")
    clerk.press("交付所选结果")
    expect(page.locator("main")).to_contain_text("刚交付的结果")
    clerk.look()
    no_sideways_scroll(page)
    proof = page.get_by_role("link", name="打印送达回证").first.get_attribute("href")
    answer = page.context.request.get(house.url + proof)
    assert answer.status == 200 and answer.body().startswith(b"%PDF-")
    clerk.press("结束接待")
    desk = Hand(room.desktop(house, "demo.clerk"))
    desk.open(house.address(f"/desk/cases/{number}"))
    expect(desk.page.locator("main")).to_contain_text("送达")
