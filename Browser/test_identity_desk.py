"""Papers at the window, another phone, systems that call the API, one-time codes, the security log: as people do it."""

import csv
import io
import os
import re
import shutil
import subprocess
import urllib.parse

import pytest

from checks import axe
from conftest import DESKTOP, PHONE
from hand import Hand
from house import AREA, PASSWORD

WAITING = f"13800{AREA}"
SHAPES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]


def account_link(page):
    """The first who waits."""
    return page.locator("#waiting ~ .table-wrap tbody a").first


@pytest.fixture(scope="module")
def newcomers(house, playwright):
    """Registers somebody and answers the phone: in a demonstration the code stands on the page."""
    from plain import Visitor

    def register(phone: str, name: str, number: str) -> Visitor:
        visitor = Visitor(playwright, house)
        page = visitor.get("/register")
        page = visitor.send(page, page.form("register"), {"phone": phone}, "获取验证码")
        code = re.search(r"验证码是 (\d{6})", page.text).group(1)
        answers = {"code": code, "name": name, "idNumber": number, "consent": "yes"}
        words = "kite over river 9"
        page = visitor.send(
            page, page.form("register", "开通账号"), answers | {"password": words, "repeated": words}, "开通账号"
        )
        assert page.status == 200, page.text[:800]
        return visitor

    return register


def test_a_clerk_checks_a_resident_and_his_company(house, room):
    resident = room.phone(house, WAITING)
    resident.goto(house.address("/my/account"))
    axe(resident)
    assert "待核验" in resident.locator("main").inner_text()
    clerk = room.desktop(house, "demo.clerk")
    hand = Hand(clerk)
    hand.open(house.address("/desk/tasks"))
    hand.follow("身份核验")
    text = clerk.locator("main").inner_text()
    assert "演*" in text and "演示居民丙" not in text, "masks only in the list"
    hand.press(account_link(clerk))
    text = clerk.locator("main").inner_text()
    assert "演示居民丙" in text and "请先核验本人身份" in text

    # Nothing ticked: said beside the boxes, and nothing happened.
    hand.press("核验通过")
    assert "逐项核对并勾选" in clerk.locator(".error-summary").inner_text()
    axe(clerk)
    for point in ("paper", "name", "face"):
        hand.answer("seen-person", point)
    hand.press("核验通过")
    clerk.get_by_text("核验通过，已通知居民").wait_for()

    # The company: refused first, since the letter lacks a seal.
    hand.press("不予通过")
    assert "选择不予通过的原因" in clerk.locator(".error-summary").inner_text()
    clerk.locator("select[name^=reason-]").select_option("authorisation")
    hand.press("不予通过")
    clerk.get_by_text("已记录不予通过，已通知居民").wait_for()
    resident.goto(house.address("/my/acting-for"))
    axe(resident)
    assert "没有授权委托书" in resident.locator("main").inner_text()

    # Then with the right letter.
    for point in ("licence", "letter", "self"):
        clerk.locator(f'input[name^=seen-][value="{point}"]').check(force=True)
    hand.press("核验通过")
    clerk.get_by_text("核验通过，已通知居民").wait_for()
    resident.reload()
    axe(resident)
    Hand(resident).answer("subject", resident.locator("input[name=subject][type=radio]").last.get_attribute("value"))
    Hand(resident).press("切换身份")
    assert "您现在代表公司办事" in resident.locator("main").inner_text()
    resident.goto(house.address("/my/messages"))
    told = Hand(resident).newest_message("可以代表公司办事了：演示商贸有限公司")
    told.click()
    resident.wait_for_url("**/my/acting-for")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_read_well(house, room, shape, language):
    pages = {
        WAITING: ["/my/account", "/my/account/phone", "/my/acting-for"],
        "demo.clerk": ["/desk/identities", "/desk/account"],
        "demo.admin": ["/desk/admin/clients", "/desk/admin/clients/new"],
        "demo.audit": ["/desk/admin/security", "/desk/admin/security?kind=door&from.year=2020&from.month=1&from.day=1"],
    }
    for who, addresses in pages.items():
        page = room.page(house, who, **shape)
        page.goto(f"{house.url}/preferences?language={language}&back=%2F")
        for address in addresses:
            answer = page.goto(house.address(address))
            assert answer.status == 200, f"{who} {address}: {answer.status}"
            axe(page)


def test_found_by_number_and_not_by_address(house, room):
    page = room.plain(house, "demo.clerk2")
    hand = Hand(page)
    hand.open(house.address("/desk/identities"))
    hand.fill("q", "13800000001")
    hand.press("查找")
    assert "13800000001" not in page.url and "演示居民甲" in page.locator("main").inner_text()
    hand.open(house.address("/desk/identities"))
    hand.fill("q", "11010519491231002X")
    hand.press("查找")
    assert "演示居民甲" in page.locator("main").inner_text()
    hand.open(house.address("/desk/identities"))
    hand.fill("q", "13700000000")
    hand.press("查找")
    assert "没有用这个号码开通的账号" in page.locator(".error-summary").inner_text()
    assert page.locator("#q").input_value() == "13700000000", "nothing typed is lost"
    hand.fill("q", "张三")
    hand.press("查找")
    assert "填写完整的手机号" in page.locator(".error-summary").inner_text()


def test_a_resident_changes_his_phone(house, room, newcomers):
    other = newcomers("13911110001", "演示居民丁", "110105199003073015")
    page = room.plain(house, state=other.state())
    hand = Hand(page)
    elsewhere = room.visitor(house)
    elsewhere.sign_in("13911110001", "kite over river 9")
    hand.open(house.address("/my/account"))
    hand.follow("更换手机号")
    hand.fill("phone", "13911110002")
    hand.fill("password", "wrong password")
    hand.press("获取验证码")
    assert "现在的密码不对" in page.locator(".error-summary").inner_text()
    assert page.locator("#phone").input_value() == "13911110002"
    hand.fill("password", "kite over river 9")
    hand.press("获取验证码")
    hand.look()
    code = re.search(r"验证码是 (\d{6})", page.locator("main").inner_text()).group(1)
    hand.fill("code", "000000" if code != "000000" else "111111")
    hand.press("确认更换")
    assert "验证码不对" in page.locator(".error-summary").inner_text()
    hand.fill("code", code)
    hand.press("确认更换")
    assert "手机号已更换" in page.locator("main").inner_text() and "139****0002" in page.locator("main").inner_text()
    assert "sign-in" in elsewhere.get("/my/account").path, "sessions elsewhere end"
    again = room.visitor(house)
    again.sign_in("13911110002", "kite over river 9")
    hand.open(house.address("/my/messages"))
    hand.newest_message("手机号已更换")


def test_a_clerk_moves_an_account_whose_old_phone_is_lost(house, room, newcomers):
    newcomers("13911110003", "演示居民戊", "110105199003073023")
    page = room.desktop(house, "demo.clerk")
    hand = Hand(page)
    hand.open(house.address("/desk/identities"))
    hand.fill("q", "110105199003073023")
    hand.press("查找")
    hand.follow("更换手机号（原手机号停用）")
    hand.fill("phone", "13911110004")
    hand.press("获取验证码")
    assert "逐项核对并勾选" in page.locator(".error-summary").inner_text()
    for point in ("paper", "name", "face"):
        hand.answer("seen", point)
    hand.press("获取验证码")
    code = re.search(r"验证码是 (\d{6})", page.locator("main").inner_text()).group(1)
    hand.fill("code", code)
    hand.press("确认更换")
    assert "139****0004" in page.locator("main").inner_text()
    room.visitor(house).sign_in("13911110004", "kite over river 9")


def test_two_administrators_let_a_system_in(house, room):
    first = room.desktop(house, "demo.admin")
    hand = Hand(first)
    hand.open(house.address("/desk/admin/clients/new"))
    hand.press("登记，等待确认")
    assert first.locator(".error-summary li").count() == 3, first.locator(".error-summary").inner_text()
    hand.fill("name", "某某局业务系统")
    hand.answer("scopes", "cases.view")
    hand.fill("addresses", "127.0.0.1\n10.8.0.0/33")
    hand.press("登记，等待确认")
    assert "“10.8.0.0/33”不是 IP 地址或网段" in first.locator(".error-summary").inner_text()
    hand.fill("addresses", "127.0.0.1\n::1")
    hand.press("登记，等待确认")
    assert "请另一位管理员确认" in first.locator("main").inner_text()
    client = re.search(r"510106\.[0-9a-f-]{36}", first.locator("main").inner_text()).group(0)
    second = room.desktop(house, "demo.security")
    other = Hand(second)
    other.open(house.address("/desk/admin/clients"))
    other.follow("某某局业务系统")
    other.press("确认可用")
    other.press("生成密钥")
    secret = re.search(r"密钥：(\S{43})", second.locator("main").inner_text()).group(1)
    second.goto(second.url)
    assert secret not in second.content(), "shown once"

    visitor = room.visitor(house)
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    token = visitor.post("/api/v1/token", form)
    assert token.status == 200, token.text
    bearer = {"Authorization": "Bearer " + re.search(r'"access_token":"([^"]+)"', token.text).group(1)}
    tasks = f"/api/v1/areas/{AREA}/tasks"
    assert visitor.get(tasks, headers=bearer).status == 200
    other.press("撤销系统")
    assert "已撤销" in second.locator("main").inner_text()
    assert visitor.get(tasks, headers=bearer).status == 401


@pytest.mark.skipif(
    shutil.which("zbarimg") is None and not os.environ.get("CI"), reason="zbarimg reads the picture; CI must have it"
)
def test_an_authenticator_reads_the_code(house, room, tmp_path):
    page = room.desktop(house, "demo.reviewer")
    hand = Hand(page)
    hand.open(house.address("/desk/account"))
    hand.press("绑定动态码")
    picture = tmp_path / "code.png"
    page.locator("svg.qr").screenshot(path=picture)
    read = subprocess.run(["zbarimg", "--raw", "-q", str(picture)], capture_output=True, text=True, timeout=60)
    address = read.stdout.strip()
    assert address.startswith("otpauth://totp/"), read
    secret = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["secret"][0]
    shown = page.locator("dl.summary strong").inner_text().replace(" ", "")
    assert secret.rstrip("=") == shown.rstrip("=")
    phone = room.phone(house, "demo.reviewer")
    phone.goto(house.address("/desk/account"))
    axe(phone)


def test_the_log_is_filtered_and_taken_along(house, room):
    stranger = room.visitor(house)
    page = stranger.get("/desk/sign-in")
    stranger.send(page, page.form("sign-in"), {"login": "demo.approver", "password": "not the password"})
    auditor = room.plain(house, "demo.audit")
    hand = Hand(auditor)
    hand.open(house.address("/desk/admin/security"))
    hand.select("kind", "sign-in.failed")
    hand.fill("who", "demo.approver")
    hand.press("筛选")
    rows = auditor.locator("tbody tr").all_inner_texts()
    assert rows and all("登录失败" in row and "演示批准" in row for row in rows), rows
    hand.fill("who", "nobody.here")
    hand.press("筛选")
    assert "没有这个账号" in auditor.locator(".error-summary").inner_text()
    visitor = room.visitor(house, "demo.audit")
    answer = visitor.get("/desk/admin/security/export.csv?kind=sign-in.failed&who=demo.approver")
    table = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert table[0][:3] == ["时间", "事件", "事件代码"] and {row[2] for row in table[1:]} == {"sign-in.failed"}
    hand.open(house.address("/desk/admin/security"))
    hand.fill("months", "3")
    hand.press("设定保存期限")
    assert "填写 6 到 120 的整数" in auditor.locator(".error-summary").inner_text()
    hand.fill("months", "24")
    hand.press("设定保存期限")
    assert "安全日志保存 24 个月" in auditor.locator("main").inner_text()
    assert room.visitor(house, "demo.admin").get("/desk/admin/security").status == 404


def test_staff_end_sessions_they_do_not_know(house, room):
    there = room.visitor(house, "demo.approver")
    here = room.desktop(house)
    here.goto(house.address("/desk/sign-in"))
    hand = Hand(here)
    hand.fill("login", "demo.approver")
    hand.fill("password", PASSWORD)
    hand.press("登录")
    hand.open(house.address("/desk/account"))
    while here.get_by_role("button", name=re.compile("退出登录 .+")).count():
        hand.press(here.get_by_role("button", name=re.compile("退出登录 .+")).first)
    assert "sign-in" in there.get("/desk/account").path
    assert here.locator("h1").inner_text() == "我的账号"
