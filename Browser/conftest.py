"""Fixtures: the program on both databases, a browser, phones, desktops, and people who are signed in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

import checks
import papers
from house import AREA, House, PASSWORD, Scratch, program
from plain import Visitor

CHROMIUM = os.environ.get("TONGBAN_CHROMIUM", "/usr/bin/chromium")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}


# -- the program


@pytest.fixture(scope="session")
def binary() -> Path:
    path = program()
    assert path.exists(), f"{path} is not there. Build it first: swift build"
    return path


def running(house: House) -> Iterator[House]:
    try:
        house.prepare()
        house.start()
        yield house
        code = house.stop()
        assert code == 0, f"the server ended with {code}:\n{house.said()}"
    finally:
        house.close()


@pytest.fixture(scope="session")
def house(binary: Path) -> Iterator[House]:
    """The program on its embedded database."""
    yield from running(House(binary))


@pytest.fixture(scope="session")
def house_on_postgres(binary: Path) -> Iterator[House]:
    """The same on a PostgreSQL database of its own."""
    server = os.environ.get("TONGBAN_TEST_POSTGRES")
    if not server:
        message = 'TONGBAN_TEST_POSTGRES names no server: eval "$(Scripts/postgres.sh env)"'
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    scratch = Scratch(server)
    try:
        yield from running(House(binary, scratch.url))
    finally:
        scratch.drop()


# -- the browser


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


class Room:
    """Opens browser contexts for a test and closes them after it; what a page complains about fails the test."""

    def __init__(self, browser: Browser, playwright: Playwright):
        self.browser = browser
        self.playwright = playwright
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(
        self, house: House, who: str | None = None, slow: bool = False, state: dict | None = None, **shape
    ) -> Page:
        """A page of somebody: a phone number, a staff login, or nobody."""
        if who is not None:
            state = self.state_of(house, who)
        context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", storage_state=state, **shape)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        if not shape.get("java_script_enabled", True):
            twin = self.browser.new_context(locale="zh-CN", **(shape | {"java_script_enabled": True}))
            self.contexts.append(twin)
            checks.twins[page] = twin.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", self.heard)
        if slow:
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000},
            )
        return page

    def heard(self, message) -> None:
        # A refused answer (404, 409, 422) is reported by the browser as an error of loading: that is not the page's fault.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def phone(self, house: House, who: str | None = None, **more) -> Page:
        """390×844, touch, 1.6 Mbit/s and 150 ms."""
        return self.page(house, who, **({"slow": True} | PHONE | more))

    def desktop(self, house: House, who: str | None = None, **more) -> Page:
        return self.page(house, who, **(DESKTOP | more))

    def plain(self, house: House, who: str | None = None, **more) -> Page:
        """A phone without JavaScript."""
        return self.page(house, who, **({"java_script_enabled": False} | PHONE | more))

    def state_of(self, house: House, who: str) -> dict:
        """Cookies of somebody who signed in once in this run."""
        if who not in house.states:
            with_cookies = self.visitor(house, who)
            house.states[who] = with_cookies.state()
            with_cookies.close()
        return house.states[who]

    def visitor(self, house: House, who: str | None = None) -> Visitor:
        """Somebody without a browser: pages as HTML, forms sent by hand. Signs in anew."""
        visitor = Visitor(self.playwright, house)
        if who is not None:
            visitor.sign_in(who, PASSWORD)
        return visitor

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def room(browser: Browser, playwright: Playwright) -> Iterator[Room]:
    room = Room(browser, playwright)
    yield room
    room.close()
    assert not room.complaints, "the browser complained:\n" + "\n".join(room.complaints)


# -- papers


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What people hand in."""
    folder = tmp_path_factory.mktemp("papers")
    return {
        "licence": papers.png(folder / "营业执照.png", 220),
        "layout": papers.pdf(folder / "平面图.pdf", "Layout of the premises"),
        "layout2": papers.png(folder / "平面图 重拍.png", 180),
        "equipment": papers.pdf(folder / "设备清单.pdf", "List of equipment"),
        "rules": papers.pdf(folder / "制度目录.pdf", "List of rules"),
        "program": papers.disguised_program(folder / "执照.pdf"),
    }


# -- what the run says at its end

notes: list[str] = []


@pytest.fixture
def note() -> Callable[[str], None]:
    """A figure for the summary: seconds, acts, bytes."""
    return notes.append


def pytest_terminal_summary(terminalreporter) -> None:
    if notes:
        terminalreporter.section("measured")
        for line in notes:
            terminalreporter.write_line(line)


__all__ = ["AREA"]
