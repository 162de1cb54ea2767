"""A large file on a weak line: the network goes, the server is killed, the page is loaded anew; the file arrives all the same."""

import http.client
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

import road
from hand import Hand
from house import House

PART = 1 << 20
MATERIAL = "layout"


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """4.5 MB that are a PDF by their first bytes and repeat nowhere."""
    path = tmp_path_factory.mktemp("large") / "平面图 大.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(PART * 9 // 2))
    return path


@pytest.fixture
def shaky(binary) -> Iterator[House]:
    """A server of its own, to be killed."""
    house = House(binary)
    try:
        house.prepare()
        house.start()
        yield house
    finally:
        house.close()


def materials(room, house: House) -> Hand:
    """The owner at the page of materials of a draft that is filled in."""
    visitor = room.visitor(house, road.OTHER)
    page = road.begin_plainly(visitor)
    draft = road.draft_in(page.path)
    state = visitor.state()
    visitor.close()
    hand = Hand(room.page(house, state=state, viewport={"width": 390, "height": 844}))
    hand.open(house.address(f"/my/drafts/{draft}/materials"))
    return hand


def stored(page: Page, house: House) -> bytes:
    """The bytes behind the link 查看 of the row."""
    link = page.locator(f'li[id="m-{MATERIAL}"] a', has_text="查看").first
    return page.request.get(house.url + link.get_attribute("href")).body()


def parts_sent(page: Page) -> list[int]:
    """The offsets of the parts the browser sends from now on."""
    offsets: list[int] = []

    def saw(request) -> None:
        offset = request.headers.get("upload-offset")
        if offset is not None:
            offsets.append(int(offset))

    page.on("request", saw)
    return offsets


def test_the_network_goes_in_the_middle(house, room, large, note):
    """Offline in the third part: the row says so; back online the upload goes on where it was, and the bytes are the same."""
    owner = materials(room, house)
    page = owner.page
    offsets = parts_sent(page)
    cut = {"done": False}

    def weak(route: Route) -> None:
        if route.request.headers.get("upload-offset") == str(2 * PART) and not cut["done"]:
            cut["done"] = True
            page.context.set_offline(True)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/my/uploads/**", weak)
    road.upload(owner, MATERIAL, large)
    row = road.row(owner, MATERIAL)
    expect(row).to_contain_text("网络已断开")
    expect(row.locator("[data-paused]")).to_have_count(1)
    page.context.set_offline(False)
    expect(row).to_contain_text("已上传", timeout=30_000)
    assert offsets == [0, PART, 2 * PART, 2 * PART, 3 * PART, 4 * PART], offsets
    assert stored(page, house) == large.read_bytes()
    owner.look()
    page.reload()
    expect(road.row(owner, MATERIAL)).to_contain_text(large.name)
    assert stored(page, house) == large.read_bytes()
    note(f"upload of {large.stat().st_size} bytes over a cut line: {len(offsets)} parts sent, 1 of them twice")


def test_an_answer_is_lost(house, room, large):
    """The server has the part, the browser does not know: it asks, and sends no part twice."""
    owner = materials(room, house)
    page = owner.page
    offsets = parts_sent(page)
    lost: list[str] = []

    def swallow(route: Route) -> None:
        name = route.request.headers.get("upload-offset") or ("end" if "/materials/" in route.request.url else "")
        if name in (str(PART), "end") and name not in lost:
            lost.append(name)
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/my/uploads/**", swallow)
    page.route(f"**/materials/{MATERIAL}", swallow)
    road.upload(owner, MATERIAL, large)
    expect(road.row(owner, MATERIAL)).to_contain_text("已上传", timeout=30_000)
    assert lost == [str(PART), "end"]
    assert offsets == [0, PART, 2 * PART, 3 * PART, 4 * PART], offsets
    page.reload()
    expect(road.row(owner, MATERIAL).locator(".file")).to_have_count(1)
    assert stored(page, house) == large.read_bytes()


def test_the_page_is_loaded_anew(house, room, large):
    """After a reload the same file, chosen again, goes on where it stopped."""
    owner = materials(room, house)
    page = owner.page
    page.route(
        "**/my/uploads/**",
        lambda route: route.abort() if route.request.headers.get("upload-offset") == str(3 * PART) else route.continue_(),
    )
    road.upload(owner, MATERIAL, large)
    expect(road.row(owner, MATERIAL)).to_contain_text("网络已断开")
    page.unroute("**/my/uploads/**")
    page.reload()
    offsets = parts_sent(page)
    road.upload(owner, MATERIAL, large)
    expect(road.row(owner, MATERIAL)).to_contain_text("已上传", timeout=30_000)
    assert offsets == [3 * PART, 4 * PART], offsets
    assert stored(page, house) == large.read_bytes()


def test_an_upload_that_is_gone_begins_anew(house, room, large):
    """Swept before it was handed in: the row says so, and 重试 sends the file again from its beginning."""
    owner = materials(room, house)
    page = owner.page
    offsets = parts_sent(page)
    gone = {"done": False}

    def sweep(route: Route) -> None:
        if gone["done"]:
            route.continue_()
        else:
            gone["done"] = True
            route.fulfill(status=404, content_type="application/problem+json", body='{"code": "notFound"}')

    page.route(f"**/materials/{MATERIAL}", sweep)
    road.upload(owner, MATERIAL, large)
    row = road.row(owner, MATERIAL)
    expect(row).to_contain_text("没有上传成功")
    owner.press(row.get_by_role("button", name="重试"))
    expect(row).to_contain_text("已上传", timeout=30_000)
    assert offsets == [0, PART, 2 * PART, 3 * PART, 4 * PART] * 2, offsets
    assert stored(page, house) == large.read_bytes()


def test_the_server_is_killed(shaky, room, large):
    """kill -9 between two parts: what was acknowledged is there, and the upload goes on with the next start."""
    owner = materials(room, shaky)
    page = owner.page
    offsets = parts_sent(page)
    killed = {"done": False}

    def kill(route: Route) -> None:
        if route.request.headers.get("upload-offset") == str(3 * PART) and not killed["done"]:
            killed["done"] = True
            shaky.process.kill()
            shaky.process.wait()
        route.continue_()

    page.route("**/my/uploads/**", kill)
    road.upload(owner, MATERIAL, large)
    row = road.row(owner, MATERIAL)
    expect(row).to_contain_text("网络已断开")
    shaky.log.close()
    shaky.start()
    expect(row).to_contain_text("已上传", timeout=60_000)
    assert [offset for offset in offsets if offset < 3 * PART] == [0, PART, 2 * PART], offsets
    assert stored(page, shaky) == large.read_bytes()
    told = shaky.run("verify", "--log", "error")
    assert told.returncode == 0, told.stdout


def test_without_scripts_the_form_takes_the_file(house, room, large, playwright):
    """The same file in one piece, by the form's own button."""
    visitor = room.visitor(house, road.OTHER)
    draft = road.draft_in(road.begin_plainly(visitor).path)
    page = visitor.get(f"/my/drafts/{draft}/materials")
    done = visitor.send(page, page.form(f"/materials/{MATERIAL}"), button="上传", file=large)
    assert done.status == 200 and large.name in done.text
    visitor.close()


def test_the_server_stops_in_the_middle(shaky, room, large):
    """SIGTERM while an upload is on its way: what was begun is finished and answered, new requests find nobody, and the program ends with 0."""
    visitor = room.visitor(shaky, road.OTHER)
    draft = road.draft_in(road.begin_plainly(visitor).path)
    page = visitor.get(f"/my/drafts/{draft}/materials")
    token = dict(page.form(f"/materials/{MATERIAL}").values)["csrf"]
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in visitor.state()["cookies"])
    visitor.close()
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
        f'--b\r\nContent-Disposition: form-data; name="m-{MATERIAL}"; filename="a.pdf"\r\n\r\n'
    ).encode() + large.read_bytes() + b"\r\n--b--\r\n"
    line = http.client.HTTPConnection("127.0.0.1", shaky.port, timeout=30)
    idle = http.client.HTTPConnection("127.0.0.1", shaky.port, timeout=30)
    idle.request("GET", "/healthz")
    assert idle.getresponse().read() == b"ok\n"
    line.putrequest("POST", f"/510106/my/drafts/{draft}/materials/{MATERIAL}")
    for name, value in {
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(len(body)),
        "Accept": "application/json",
        "Cookie": cookies,
    }.items():
        line.putheader(name, value)
    line.endheaders()
    line.send(body[: PART])
    time.sleep(0.5)
    process = shaky.process
    process.terminate()
    time.sleep(1)
    assert process.poll() is None, "the server did not wait for what was begun"
    with pytest.raises(OSError):
        late = http.client.HTTPConnection("127.0.0.1", shaky.port, timeout=5)
        late.request("GET", "/healthz")
        late.getresponse()
    line.send(body[PART:])
    answer = line.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    began = time.monotonic()
    assert process.wait(timeout=30) == 0, shaky.said()
    assert time.monotonic() - began < 10
    shaky.log.close()
    shaky.start()
    again = room.visitor(shaky, road.OTHER)
    assert "a.pdf" in again.get(f"/my/drafts/{draft}/materials").text
    again.close()


def test_a_caller_who_never_ends_does_not_hold_the_server(shaky):
    """Half a request and then silence: the server ends all the same, with 0, when its patience is over."""
    shaky.stop()
    shaky.start("--grace", "3")
    line = http.client.HTTPConnection("127.0.0.1", shaky.port, timeout=90)
    line.putrequest("POST", "/510106/sign-in")
    line.putheader("Content-Type", "application/x-www-form-urlencoded")
    line.putheader("Content-Length", "1000")
    line.endheaders()
    line.send(b"phone=")
    time.sleep(0.5)
    process = shaky.process
    began = time.monotonic()
    process.terminate()
    assert process.wait(timeout=60) == 0, shaky.said()
    assert 2 < time.monotonic() - began < 20
    line.close()
