"""一件事: a founder opens a company in one application that the departments handle at once, and each district by its own pack."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from checks import no_sideways_scroll
from hand import Hand
from house import AREA

FOUNDER = "13800000001"
STREET = f"{AREA}024"

COMPANY = {
    "company_name": "成都样例科技有限公司",
    "capital": "500000",
    "paid_by-year": "2028",
    "paid_by-month": "1",
    "paid_by-day": "31",
    "scope_of_business": "软件开发；信息技术咨询服务",
    "site.division": STREET,
    "site.line": "样例路 1 号",
}
PEOPLE = {
    "shareholders.0.holder.name": "演示居民甲",
    "shareholders.0.holder.idcard": "11010519491231002X",
    "shareholders.0.share": "500000",
    "finance_officer.name": "演示居民甲",
    "finance_officer.idcard": "11010519491231002X",
    "finance_officer.phone": "13800000001",
    "beneficial_owner": "exempt",
}


def enter(hand: Hand, values: dict[str, str | list[str]]) -> None:
    for field, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            control = hand.page.locator(f'[id="{field}"]')
            kind = control.evaluate("e => e.tagName")
            if kind == "SELECT":
                hand.select(field, one)
            elif kind == "FIELDSET":
                hand.answer(f"form.{field}", one)
            else:
                hand.fill(field, one)


def apply(hand: Hand, house, files, people: dict | None = None) -> str:
    """From the search to the package's page; answers its number."""
    page = hand.page
    hand.open(house.address("/search?q=开公司"))
    hand.follow(page.locator("main ol.results a, main ul.results a").filter(has_text="企业开办一件事").first)
    expect(page.locator("main")).to_contain_text("一次申请，各部门同时办")
    no_sideways_scroll(page)
    hand.open(
        house.address(
            "/items/start-a-company?s.place_promise=promise&s.who=self"
            "&s.wanted=seals&s.wanted=tax&s.wanted=insurance&s.wanted=fund&s.wanted=bank"
        )
    )
    hand.press("在线申请")
    for section, values in [
        ("company", COMPANY),
        ("people", PEOPLE | (people or {})),
        ("seals_section", {"seal_kinds": ["official", "finance"], "seal_maker": "maker_4", "seal_payer": "self"}),
        ("tax_section", {"accounting": "small", "taxpayer": "small", "invoices": "digital"}),
        ("staff_section", {"staff": "2", "fund_rate": "5"} | today("first_month")),
        ("bank_section", {"branch": "样例银行样例路支行", "currency": "local"}),
    ]:
        page.wait_for_url(f"**/{section}*")
        enter(hand, values)
        hand.look()
        no_sideways_scroll(page)
        hand.press("保存并继续")
    page.wait_for_url("**/materials*")
    expect(page.locator("main")).to_contain_text("公司章程")
    row = page.locator('li[id="m-articles"]')
    hand.choose_file(row.locator("input[type=file]"), files["rules"])
    if row.get_by_role("button", name="上传").filter(visible=True).count():
        hand.press(row.get_by_role("button", name="上传").first)
    expect(page.locator('li[id="m-articles"]')).to_contain_text(files["rules"].name)
    hand.look()
    hand.press("下一步", exact=False)
    page.wait_for_url("**/check*")
    hand.look()
    hand.press(page.locator('label:has(input[name="truth"])'))
    hand.press("提交申请")
    page.wait_for_url("**/my/packages/*")
    return page.url.split("/packages/")[1].split("?")[0]


def today(field: str) -> dict[str, str]:
    now = time.localtime(time.time())
    return {f"{field}-year": str(now.tm_year), f"{field}-month": str(now.tm_mon), f"{field}-day": str(now.tm_mday)}


def finish(clerk: Hand, house, number: str) -> None:
    """The department's clerk accepts and completes a step."""
    clerk.open(house.address(f"/desk/cases/{number}"))
    clerk.press(clerk.page.locator("#decision button.decision-act"))
    clerk.open(house.address(f"/desk/cases/{number}"))
    delivery = clerk.page.locator('#decision label.choice:has(input[name="delivery"])')
    if delivery.count():
        clerk.press(delivery.first)
    clerk.press(clerk.page.locator("#decision button.decision-act"))


def step(page: Page, name: str):
    return page.locator("#steps + ul li").filter(has_text=name).first


def case_of(page: Page, name: str) -> str:
    return step(page, name).locator("a[href*='/cases/']").first.get_attribute("href").split("/cases/")[1]


def shown(page: Page, words: str, tries: int = 40) -> None:
    """Looks again until a step says so: cases of later steps open by themselves some seconds after."""
    for _ in range(tries):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"no “{words}” on {page.url}:\n{page.locator('main').inner_text()[:1500]}")


@pytest.mark.parametrize("shape", ["plain", "desktop"])
def test_a_company_in_one_application(house, room, files, shape):
    """Founder, phone without JavaScript and desktop: one form, one paper; licence, then five departments at once; one rating."""
    founder = Hand(getattr(room, shape)(house, FOUNDER))
    page = founder.page
    number = apply(founder, house, files)
    founder.look()
    no_sideways_scroll(page)
    expect(page.locator("main")).to_contain_text("一件事已提交")
    expect(step(page, "营业执照")).to_contain_text("待受理")
    expect(step(page, "刻章")).to_contain_text("等“营业执照”办好后开始")
    licence = case_of(page, "营业执照")

    clerk = Hand(room.desktop(house, "demo.clerk"))
    clerk.open(house.address(f"/desk/cases/{licence}"))
    expect(clerk.page.locator(".desk-package")).to_contain_text("企业开办一件事")
    expect(clerk.page.locator(".desk-package")).to_contain_text("未开始")
    finish(clerk, house, licence)

    founder.open(house.address(f"/my/packages/{number}"))
    expect(page.locator("#results + dl")).to_contain_text("营业执照")
    for _ in range(40):
        if step(page, "银行开户预约").locator("a[href*='/cases/']").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    names = ["刻章", "税务和发票", "社保登记", "公积金开户", "银行开户预约"]
    cases = {name: case_of(page, name) for name in names}
    assert len(set(cases.values())) == 5, "each department has a case of its own"
    founder.look()
    expect(page.locator("main")).to_contain_text("6 步中已办好 1 步")

    clerk.open(house.address(f"/desk/cases/{cases['刻章']}"))
    expect(clerk.page.locator("main")).to_contain_text("承诺刻章单位四")
    expect(clerk.page.locator(".desk-package")).to_contain_text("已办好")
    supervisor = Hand(room.desktop(house, "demo.supervisor"))
    supervisor.open(house.address("/desk/packages"))
    expect(supervisor.page.locator("main")).to_contain_text("企业开办一件事")
    supervisor.look()

    for name in names:
        finish(clerk, house, cases[name])
    founder.open(house.address(f"/my/packages/{number}"))
    expect(page.locator("main")).to_contain_text("全部办好")
    founder.look()
    no_sideways_scroll(page)
    assert page.locator("ol.timeline > li").count() >= 14, "one timeline of all departments"
    founder.open(house.address(f"/my/cases/{licence}"))
    expect(page.locator("main")).to_contain_text("属于一件事")
    assert page.get_by_role("link", name="评价", exact=False).count() == 0, "a step is not rated alone"
    founder.open(house.address(f"/my/packages/{number}/rating"))
    founder.answer("grade", "very-satisfied")
    founder.press("提交评价")
    if shape == "plain":
        founder.press("提交评价")
    expect(page.locator("main")).to_contain_text("非常满意")


@pytest.mark.parametrize("shape", ["plain", "desktop"])
def test_a_step_is_left_out(house, room, files, shape):
    """Founder, who no longer wants one department's step before it began: asked once more, and then it is not wanted."""
    founder = Hand(getattr(room, shape)(house, FOUNDER))
    page = founder.page
    number = apply(founder, house, files)
    link = step(page, "公积金开户").get_by_role("link", name="不办这一步")
    link.focus()
    founder.key("Enter")
    page.wait_for_url("**/leave-out")
    expect(page.locator("h1")).to_contain_text("公积金开户")
    founder.look()
    no_sideways_scroll(page)
    page.get_by_role("button", name="不办这一步").focus()
    founder.key("Enter")
    page.wait_for_url(f"**/my/packages/{number}")
    expect(page.locator("main")).to_contain_text("这一步不办了")
    expect(step(page, "公积金开户")).not_to_contain_text("办好后开始")
    assert step(page, "公积金开户").get_by_role("link", name="不办这一步").count() == 0
    founder.look()


def test_withdrawn_by_keyboard(house, room, files):
    """Founder, keyboard alone: the whole is taken back, and the page says so."""
    founder = Hand(room.desktop(house, FOUNDER))
    page = founder.page
    number = apply(founder, house, files)
    founder.open(house.address(f"/my/packages/{number}/withdraw"))
    page.get_by_role("button", name="撤回整件事").focus()
    founder.key("Enter")
    page.wait_for_url(f"**/my/packages/{number}")
    expect(page.locator("main")).to_contain_text("已撤回")
    founder.look()


@pytest.mark.parametrize(
    "area, words",
    [
        ("370213", ["全程电子化", "2 个工作日"]),
        ("511800", ["三个环节", "1 个工作日"]),
        ("500105", ["五个环节并联", "2 个工作日"]),
        ("420607", ["当天办完", "1 个工作日"]),
        ("511803", ["三个环节", "1 个工作日"]),
    ],
)
def test_each_district_by_its_own_pack(house, room, area, words):
    """The company package of every district: on the home page, by its own limits and links; axe clean, also in English."""
    visitor = Hand(room.phone(house))
    page = visitor.page
    visitor.open(f"{house.url}/{area}/")
    expect(page.locator("#packages + ul")).to_contain_text("企业开办一件事")
    visitor.open(f"{house.url}/{area}/items/start-a-company")
    for word in words:
        expect(page.locator("main")).to_contain_text(word)
    no_sideways_scroll(page)
    # What is not part of it here is not shown.
    shown_steps = page.locator("#steps ~ ol li").count()
    assert shown_steps == {"511800": 3, "511803": 3, "500105": 5}.get(area, 6)


def test_a_card_without_form_and_papers(house, room):
    """Xiangzhou, 社保卡: from the guide straight to the check; nothing is typed, nothing is uploaded."""
    resident = Hand(room.plain(house, FOUNDER))
    page = resident.page
    resident.open(f"{house.url}/420607/items/social-card")
    resident.press("在线申请")
    page.wait_for_url("**/check*")
    resident.look()
    resident.press(page.locator('label:has(input[name="truth"])'))
    resident.press("提交申请")
    page.wait_for_url("**/my/packages/*")
    expect(page.locator("main")).to_contain_text("社保卡申领")
    expect(page.locator("main")).to_contain_text("社保卡启用")
    assert re.search(r"/420607/my/packages/\d{22}", page.url)
