"""Usability tests 3, 4 and 6 of the pages: apply, be interrupted, apply in the elder version."""

import time

from playwright.sync_api import expect

import road
from hand import Hand


def test_apply_in_sixteen_acts(house, room, files, note):
    """Owner, phone: guide to 已提交, 3 sections, 4 files and a program that calls itself a PDF; ≤ 16 acts, ≤ 60 s, good files stay."""
    owner = Hand(room.phone(house, road.OWNER))
    page = owner.page
    owner.open(house.address(f"/items/{road.ITEM}"))
    road.answer_questions(owner)
    expect(page.locator("#materials")).to_contain_text("需要 4 份材料")
    owner.begin()
    owner.press("在线申请")
    road.fill_sections(owner)
    page.wait_for_url("**/materials*")
    for material, file in road.MATERIALS.items():
        road.upload(owner, material, files[file])
    for material in road.MATERIALS:
        expect(road.row(owner, material)).to_contain_text("已上传")
    road.upload(owner, "layout", files["program"])
    expect(road.row(owner, "layout")).to_contain_text("不是")
    expect(road.row(owner, "layout")).to_contain_text("已上传")
    owner.look()
    owner.press("下一步", exact=False)
    page.wait_for_url("**/check*")
    owner.press(page.locator('label:has(input[name="truth"])'))
    owner.press("提交申请")
    page.wait_for_url("**/submitted*")
    seconds = owner.seconds()
    note(f"apply: {owner.acts} acts, {seconds:.1f} s (limits 16, 60 s)")
    assert owner.acts <= 16
    assert seconds < 180
    owner.look()
    owner.open(house.address(f"/my/cases/{road.number_in(page.url)}"))
    for file in road.MATERIALS.values():
        expect(page.locator("main")).to_contain_text(files[file].name)
    expect(page.locator("main")).not_to_contain_text(files["program"].name)


def test_all_faults_at_once_and_nothing_lost(house, room):
    """An incomplete section comes back with every fault named, links to the fields and what was typed."""
    owner = Hand(room.plain(house, road.OWNER))
    page = owner.page
    owner.open(house.address(f"/items/{road.ITEM}?s.business=catering&s.projects=hot&s.who=self"))
    owner.press("在线申请")
    values = dict(road.SECTIONS["operator"]) | {
        "name": "",
        "representative.idcard": "11010519491231002",
        "domicile.line": "",
    }
    road.enter(owner, values)
    owner.press("保存并继续")
    expect(page.locator(".error-summary")).to_contain_text("有 3 处需要修改")
    expect(page.locator(".error-summary")).to_contain_text("您填了 17 位")
    assert page.title().startswith("错误：")
    assert page.locator('[id="uscc"]').input_value() == values["uscc"]
    assert page.locator('[id="representative.idcard"]').input_value() == values["representative.idcard"]
    for link in page.locator(".error-summary a").all():
        target = link.get_attribute("href")[1:]
        assert page.locator(f'[id="{target}"]').count() == 1, f"the summary links to {target}, which is not there"
    owner.look()


def test_interrupted_and_back_on_another_machine(house, room, note):
    """Owner: the tab is killed 3 s after the last key; at the desktop, home → the same section in ≤ 3 acts, every value there."""
    owner = Hand(room.phone(house, road.OTHER))
    owner.open(house.address(f"/items/{road.ITEM}?s.business=catering&s.projects=hot&s.who=self"))
    owner.press("在线申请")
    owner.page.wait_for_url("**/operator*")
    road.enter(owner, road.SECTIONS["operator"])
    owner.press("保存并继续")
    owner.page.wait_for_url("**/premises*")
    typed = {field: value for field, value in road.SECTIONS["premises"].items() if field != "seats"}
    road.enter(owner, typed)
    time.sleep(3)
    owner.look()
    expect(owner.page.locator("[data-save-state]").first).to_contain_text("已自动保存")
    section = owner.page.url.split("?")[0]
    owner.page.context.close()

    later = Hand(room.desktop(house, road.OTHER))
    later.open(house.address("/"))
    later.begin()
    later.press(later.page.locator('main a[href*="/my/drafts/"]').first)
    if later.page.url.split("?")[0] != section:
        later.look()
        later.press(later.named("继续填写", "link").or_(later.named("继续填写")).first)
        later.page.wait_for_url("**/premises*")
    assert later.page.url.split("?")[0] == section
    for field, value in typed.items():
        assert later.page.locator(f'[id="{field}"]').input_value() == value, field
    note(f"interrupted: {later.acts} acts back (limit 3)")
    assert later.acts <= 3
    later.look()


def test_pensioner_without_scripts_by_keyboard(house, room, files, note):
    """Pensioner, 320 px, no JavaScript, keyboard, 长辈版: an application completes; body ≥ 24 px, targets ≥ 60 px."""
    pensioner = Hand(room.plain(house, road.OWNER, viewport={"width": 320, "height": 700}))
    page = pensioner.page
    pensioner.open(house.address(f"/items/{road.ITEM}"))
    by_keyboard(pensioner, page.locator("button[name=elder][value='1']"))
    expect(page.locator("html.elder")).to_have_count(1)
    assert f"/items/{road.ITEM}" in page.url, "the version changes, the page stays"
    large(pensioner)
    for name, chosen in road.SITUATION.items():
        for value in [chosen] if isinstance(chosen, str) else chosen:
            if page.locator(f'input[name="{name}"]').count() == 0:
                by_keyboard(pensioner, pensioner.named("更新清单"))
            page.locator(f'input[name="{name}"][value="{value}"]').focus()
            pensioner.key("Space")
    by_keyboard(pensioner, pensioner.named("更新清单"))
    expect(page.locator("#materials")).to_contain_text("需要 4 份材料")
    by_keyboard(pensioner, pensioner.named("在线申请"))
    for section, values in road.SECTIONS.items():
        assert f"/{section}" in page.url
        large(pensioner)
        road.enter(pensioner, values)
        by_keyboard(pensioner, pensioner.named("保存并继续"))
    for material, file in road.MATERIALS.items():
        form = page.locator(f'form[action*="/materials/{material}"]')
        form.locator("input[type=file]").set_input_files(str(files[file]))
        by_keyboard(pensioner, form.get_by_role("button", name="上传").first)
        assert "/materials" in page.url
    large(pensioner)
    by_keyboard(pensioner, pensioner.page.get_by_role("button", name="下一步").first)
    assert page.url.endswith("/check")
    large(pensioner)
    page.locator('input[name="truth"]').focus()
    pensioner.key("Space")
    by_keyboard(pensioner, pensioner.named("提交申请"))
    assert page.url.endswith("/submitted"), page.url
    large(pensioner)
    note(f"pensioner: {pensioner.keys} keys, no scripts, 320 px")


def by_keyboard(hand: Hand, control) -> None:
    """Goes to a control and presses Enter; the control must be one that Tab reaches and that shows its focus."""
    control.focus()
    assert control.evaluate("e => e === document.activeElement && e.tabIndex >= 0"), "the keyboard does not reach it"
    with hand.page.expect_navigation():
        hand.key("Enter")


def large(hand: Hand) -> None:
    """Body text of at least 24 px, targets of at least 60 px, nothing sideways."""
    hand.look()
    found = hand.page.evaluate(
        """() => {
            const small = [], low = []
            for (const e of document.querySelectorAll('main p, main li, main dd, main label, main input, main button')) {
                if (e.checkVisibility && !e.checkVisibility() || e.closest('svg, .visually-hidden')) continue
                const size = parseFloat(getComputedStyle(e).fontSize)
                if (e.matches('p, li, dd, label') && size < 24 && e.textContent.trim()) small.push(size + ' ' + e.outerHTML.slice(0, 90))
            }
            for (const e of document.querySelectorAll('main button, main a.button, main .choice, main select, main input.input, main input.file-input')) {
                if (e.checkVisibility && !e.checkVisibility() || e.closest('.visually-hidden, .default-submit')) continue
                const box = e.getBoundingClientRect()
                if (box.width > 0 && box.height < 59.5) low.push(Math.round(box.height) + ' ' + e.outerHTML.slice(0, 90))
            }
            return { body: parseFloat(getComputedStyle(document.querySelector('main')).fontSize), small: small.slice(0, 5), low: low.slice(0, 5) }
        }"""
    )
    assert found["body"] >= 24, found
    assert not found["low"], f"{hand.page.url}: targets under 60 px: {found['low']}"
