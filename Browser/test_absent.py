"""What comes to the counter from elsewhere: papers by the applicant's phone or a scanner, and a legal representative who is not there."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import road
import test_packages as company
from checks import no_sideways_scroll
from hand import Hand
from test_counter import screen_of, sit_down

ABSENT = {
    "representative.name": "演示法人丁",
    "representative.idcard": "110105200001010016",
    "representative.phone": "13800000009",
}
# The first box of an MP4 file (ISO/IEC 14496-12): what the server looks at.
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x07" * 2048


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("TONGBAN_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def code_on(page: Page, folder: Path) -> str:
    """What a phone reads off the page."""
    picture = folder / "code.png"
    page.locator("svg.qr").first.screenshot(path=str(picture))
    read = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, text=True, check=True)
    return read.stdout.strip()


def begun_at_counter(clerk: Hand, house) -> str:
    """An application whose questions are answered and whose sections are filled in; answers the draft."""
    clerk.open(house.address(f"/items/{road.ITEM}?s.business=catering&s.projects=hot&s.who=self"))
    clerk.press("在线申请")
    road.fill_sections(clerk)
    clerk.page.wait_for_url("**/materials*")
    return clerk.page.url.split("/drafts/")[1].split("/")[0]


@pytest.mark.parametrize("shape", ["desktop", "plain"])
def test_papers_by_phone_and_by_scanner(house, room, files, shape, tmp_path):
    """Clerk, desktop and a phone without scripts; the applicant's phone without scripts: a code, photographs, the scanner's folder, sorting."""
    clerk = Hand(getattr(room, shape)(house, "demo.clerk2"))
    page = clerk.page
    sit_down(clerk, house)
    screen = Hand(room.desktop(house))
    shown_at = house.url + screen_of(page)
    begun_at_counter(clerk, house)
    clerk.follow("扫码收件")
    clerk.look()
    no_sideways_scroll(page)
    clerk.press("出示二维码")
    clerk.look()
    no_sideways_scroll(page)
    shoot(page, f"scans-code-{shape}")
    address = code_on(page, tmp_path)
    assert re.fullmatch(r"https?://[^/]+/510106/scan/[A-Za-z0-9_-]{43}", address)
    # The screen that faces the applicant shows the same one.
    screen.open(shown_at)
    screen.look()
    no_sideways_scroll(screen.page)
    shoot(screen.page, f"screen-{shape}")
    assert code_on(screen.page, tmp_path) == address

    phone = Hand(room.plain(house))
    phone.open(house.url + "/" + address.split("/", 3)[3])
    expect(phone.page.locator("main")).not_to_contain_text("演")
    assert phone.page.locator("input[type=file]").first.get_attribute("capture") == "environment"
    no_sideways_scroll(phone.page)
    shoot(phone.page, f"scan-phone-{shape}")
    first, second = list(road.MATERIALS)[:2]
    control = phone.page.locator(f'[id="m-{first}"]')
    phone.choose_file(control, files["licence"])
    phone.choose_file(phone.page.locator('[id="m--scans"]'), files["layout2"])
    phone.press("上传")
    expect(phone.page.locator("main")).to_contain_text("已收到 1 份")
    phone.look()
    phone.choose_file(phone.page.locator(f'[id="m-{first}"]'), files["program"])
    phone.press("上传")
    expect(phone.page.locator("main")).to_contain_text("不是")
    phone.look()
    # Another phone gets nothing in by the same code.
    other = Hand(room.plain(house))
    other.open(phone.page.url)
    other.choose_file(other.page.locator('[id="m--scans"]'), files["licence"])
    other.press("上传")
    expect(other.page.locator("main")).to_contain_text("已由另一部手机使用")

    clerk.follow("刷新")
    waiting = page.locator("section:has(> #waiting)")
    expect(waiting).to_contain_text(files["layout2"].name)
    clerk.choose_file(page.locator('[id="m--scans"]'), files["equipment"], files["rules"])
    clerk.press("收取")
    expect(waiting.locator("select")).to_have_count(3)
    clerk.look()
    no_sideways_scroll(page)
    shoot(page, f"scans-waiting-{shape}")
    # Nothing is handed in while papers would be lost.
    clerk.follow("下一步：核对")
    expect(page.locator("main")).to_contain_text("还有 3 份扫描件没有归到材料里")
    clerk.follow("还有 3 份扫描件没有归到材料里。请归类或者删除")
    for name, material in ((files["layout2"].name, second), (files["equipment"].name, "equipment")):
        waiting.locator(".scan").filter(has_text=name).locator("select").select_option(material)
    clerk.press("按所选归类")
    expect(waiting.locator("select")).to_have_count(1)
    clerk.press(waiting.get_by_role("button", name=f"删除 {files['rules'].name}"))
    expect(page.locator("main")).to_contain_text("没有待归类的扫描件")
    clerk.look()
    shoot(page, f"scans-sorted-{shape}")
    # Moved from one material to another, and back among what waits.
    moved = page.locator(".scan").filter(has_text=files["layout2"].name)
    moved.locator("select").select_option("-scans")
    clerk.press("按所选归类")
    expect(waiting).to_contain_text(files["layout2"].name)
    clerk.open(house.address("/desk/counter/now"))
    clerk.look()
    no_sideways_scroll(page)
    shoot(page, f"sitting-{shape}")
    expect(page.get_by_role("link", name="扫码收件", exact=False).first).to_be_visible()
    clerk.press("结束接待")
    # With the sitting the code is over.
    phone.open(phone.page.url)
    expect(phone.page.locator("main")).to_contain_text("已经失效")
    shoot(phone.page, f"scan-gone-{shape}")


def test_a_legal_representative_who_is_elsewhere(house, room, files):
    """Founder, desktop; the representative on a phone without scripts; the clerk compares: licence only after that."""
    founder = Hand(room.desktop(house, company.FOUNDER))
    package = company.apply(founder, house, files, ABSENT)
    page = founder.page
    licence = re.search(r"/my/cases/(\d{22})", page.locator('main a[href*="/my/cases/"]').first.get_attribute("href"))[1]
    assert package != licence
    founder.open(house.address(f"/my/cases/{licence}"))
    expect(page.locator("main")).to_contain_text("法定代表人已经收到核验链接")
    no_sideways_scroll(page)
    shoot(page, "remote-own")
    founder.follow("发送核验链接")
    founder.look()
    page.locator('[id="phone"]').fill("138")
    founder.press("发送核验链接")
    expect(page.locator("main")).to_contain_text("填写 11 位手机号")
    page.locator('[id="phone"]').fill("13800000009")
    founder.press("发送核验链接")
    founder.look()
    no_sideways_scroll(page)
    shoot(page, "remote-sent")
    told = page.locator("main").inner_text()
    link = re.search(r"/510106/remote-check/[A-Za-z0-9_-]{43}", told)[0]
    code = re.search(r"验证码：(\d{6})", told)[1]

    absent = Hand(room.plain(house))
    phone = absent.page
    absent.open(house.url + link)
    no_sideways_scroll(phone)
    shoot(phone, "remote-code")
    phone.locator('[id="code"]').fill("1")
    absent.press("打开")
    expect(phone.locator("main")).to_contain_text("验证码不对")
    absent.look()
    phone.locator('[id="code"]').fill(code)
    absent.press("打开")
    expect(phone.locator("main")).to_contain_text("我是演示法人丁。我同意担任这家公司的法定代表人")
    absent.look()
    no_sideways_scroll(phone)
    shoot(phone, "remote-film")
    assert phone.locator("input[type=file]").get_attribute("capture") == "user"
    film = phone.locator("input[type=file]")
    film.set_input_files({"name": "me.mp4", "mimeType": "video/mp4", "buffer": VIDEO})
    absent.press("上传视频")
    expect(phone.locator("main")).to_contain_text("同意处理视频才能上传")
    absent.look()
    absent.answer("consent", "yes")
    phone.locator("input[type=file]").set_input_files({"name": "me.mp4", "mimeType": "video/mp4", "buffer": VIDEO})
    absent.press("上传视频")
    expect(phone.locator("main")).to_contain_text("视频已经收到")
    absent.look()
    shoot(phone, "remote-done")

    clerk = Hand(room.desktop(house, "demo.clerk"))
    desk = clerk.page
    clerk.open(house.address("/desk/tasks?step=identity"))
    expect(desk.locator("main")).to_contain_text("身份比对")
    clerk.open(house.address(f"/desk/cases/{licence}"))
    expect(desk.locator("section:has(> #remote)")).to_contain_text("等待工作人员比对")
    expect(desk.locator("video")).to_have_count(1)
    shoot(desk, "remote-desk")
    clerk.press(desk.locator("#decision button.decision-act"))
    clerk.open(house.address(f"/desk/cases/{licence}"))
    delivery = desk.locator('#decision label.choice:has(input[name="delivery"])')
    if delivery.count():
        clerk.press(delivery.first)
    clerk.press(desk.locator("#decision button.decision-act"))
    expect(desk.locator("main")).to_contain_text("还没有比对")
    clerk.look()
    clerk.open(house.address(f"/desk/cases/{licence}/acts/accept/confirm-remote-check"))
    no_sideways_scroll(desk)
    shoot(desk, "remote-confirm")
    for point in ("card", "face", "words"):
        clerk.answer("compared", point)
    clerk.press("确认 Ctrl+Enter")
    clerk.open(house.address(f"/desk/cases/{licence}"))
    expect(desk.locator("section:has(> #remote)")).to_contain_text("身份已经核验")
    delivery = desk.locator('#decision label.choice:has(input[name="delivery"])')
    if delivery.count():
        clerk.press(delivery.first)
    clerk.press(desk.locator("#decision button.decision-act"))
    founder.open(house.address(f"/my/cases/{licence}"))
    expect(page.locator("main")).to_contain_text("法定代表人的身份已经核验")
    expect(page.locator("main")).to_contain_text("身份核验通过（看视频比对）")
    shoot(page, "remote-own-done")


@pytest.mark.parametrize("width", [390, 1440])
def test_absent_in_english(house, room, files, width, tmp_path):
    """The pages of scans and of the check, English: whole, at both widths."""
    clerk = Hand(room.desktop(house, "demo.clerk"))
    page = clerk.page
    clerk.open(house.address("/desk/counter"))
    sit_down(clerk, house)
    begun_at_counter(clerk, house)
    clerk.open(f"{house.url}/preferences?language=en&back=%2F510106%2Fdesk%2Fcounter%2Fnow")
    page.set_viewport_size({"width": width, "height": 900})
    clerk.look()
    shoot(page, f"en-sitting-{width}")
    clerk.follow(page.get_by_role("link", name="Take papers in", exact=False).first)
    clerk.press("Show the code")
    clerk.look()
    no_sideways_scroll(page)
    shoot(page, f"en-scans-{width}")
    address = code_on(page, tmp_path)
    phone = Hand(room.plain(house))
    phone.open(f"{house.url}/preferences?language=en&back=%2F")
    phone.page.set_viewport_size({"width": width, "height": 900})
    phone.open(house.url + "/" + address.split("/", 3)[3])
    no_sideways_scroll(phone.page)
    shoot(phone.page, f"en-phone-{width}")
    phone.open(house.address("/remote-check/nothing"))
    expect(phone.page.locator("main")).to_contain_text("no longer good")
    clerk.open(house.address("/desk/counter/now"))
    page.locator("main form button").last.click()
