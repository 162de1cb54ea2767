"""A department's list is brought without scripts and with the keyboard, and a resident's card is decided upon it in the request."""

from pathlib import Path

import road
from checks import axe, no_sideways_scroll

HEAD = "公民身份号码,户口在本地,出生日期\n"
OWNER = "11010519491231002X"


def bring(page, house, text: str, folder: Path) -> None:
    file = folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    page.goto(house.address("/desk/registers"))
    axe(page)
    page.get_by_role("link", name="户籍登记簿").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/registers/household")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="导入并替换").focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def apply(visitor) -> str:
    page = road.begin_plainly(visitor, "senior-citizen-card", {"whose": "self"})
    page = road.fill_plainly(visitor, page, {"holder": {"phone": "13800000001"}})
    check = page if page.path.endswith("/check") else visitor.send(page, page.form(button="下一步"), button="下一步")
    done = visitor.send(check, check.form(button="提交申请"), {"truth": "yes"}, button="提交申请")
    assert done.path.endswith("/submitted"), f"{done.url} {done.status}\n{road.summary(done)}"
    return road.number_in(done.path)


def test_a_list_is_brought_and_decides(house, room, tmp_path):
    owner = room.visitor(house, road.OWNER)
    waiting = apply(owner)
    head = room.plain(house, "demo.head")
    bring(head, house, HEAD + f"{OWNER},是,去年\n", tmp_path)
    assert "“出生日期”不是日期" in head.content() and OWNER not in head.content()
    axe(head)
    no_sideways_scroll(head)
    bring(head, house, HEAD + f"{OWNER},是,1949-12-31\n", tmp_path)
    assert "已导入 1 条" in head.content() and "正在使用" in head.content()
    axe(head)
    no_sideways_scroll(head)

    decided = apply(owner)
    page = room.phone(house, road.OWNER, slow=False)
    for number, words in ((waiting, "没有自动决定"), (decided, "自动决定的依据")):
        page.goto(house.address(f"/my/cases/{number}"))
        assert words in page.content(), number
        axe(page)
        no_sideways_scroll(page)
    assert "户口在本地" in page.content()
    desk = room.desktop(house, "demo.clerk")
    for number in (waiting, decided):
        desk.goto(house.address(f"/desk/cases/{number}"))
        assert "户籍登记簿" in desk.content()
        axe(desk)


def test_edited_rules_are_rehearsed_without_scripts(house, room):
    admin = room.plain(house, "demo.admin")
    admin.goto(house.address("/desk/admin/items/senior-citizen-card/rehearsal"))
    admin.get_by_text("修改规则（JsonLogic）").click()
    admin.locator("#rule-instant").fill("{")
    admin.get_by_role("button", name="开始演练").click()
    assert "不是 JSON" in admin.content() and admin.locator("#rule-instant").input_value() == "{"
    axe(admin)
    no_sideways_scroll(admin)
    admin.locator("#rule-instant").fill('{"==":[{"var":"situation.whose"},"relative"]}')
    admin.get_by_role("button", name="开始演练").click()
    assert "演练结果" in admin.content()
    axe(admin)
    no_sideways_scroll(admin)
