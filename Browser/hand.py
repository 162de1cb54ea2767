"""A person's hand on a page: acts and keys are counted, entry into fields is not."""

import time
from pathlib import Path

from playwright.sync_api import Locator, Page

from checks import axe


class Hand:
    """An act is a tap, a click or Enter on a control, a file chosen included; typing and choosing answers are entry."""

    def __init__(self, page: Page, looks: bool = True):
        self.page = page
        self.looks = looks
        self.acts = 0
        self.keys = 0
        self.away = 0.0
        self.began = time.monotonic()

    # -- the clock

    def begin(self) -> None:
        """Counting starts here."""
        self.acts = self.keys = 0
        self.away = 0.0
        self.began = time.monotonic()

    def seconds(self) -> float:
        """Since begin, without the time the tests themselves took for looking and typing."""
        return time.monotonic() - self.began - self.away

    def look(self) -> None:
        """axe on the page as it stands; its time is not the person's."""
        if not self.looks:
            return
        start = time.monotonic()
        axe(self.page)
        self.away += time.monotonic() - start

    # -- acts

    def open(self, url: str) -> None:
        """Comes to an address from outside: no act."""
        self.page.goto(url)
        self.look()

    def press(self, target: str | Locator, role: str = "button", exact: bool = True) -> None:
        """One act: a button or link by its name, or a locator."""
        control = self.named(target, role, exact) if isinstance(target, str) else target
        self.acts += 1
        control.click()
        self.settle()

    def follow(self, target: str | Locator, exact: bool = True) -> None:
        self.press(target, "link", exact)

    def named(self, name: str, role: str = "button", exact: bool = True) -> Locator:
        return self.page.get_by_role(role, name=name, exact=exact).filter(visible=True).first

    def choose_file(self, control: Locator, *files: Path) -> None:
        """One act: the file dialogue is opened and files are chosen in it."""
        self.acts += 1
        control.set_input_files([str(file) for file in files])

    def key(self, name: str) -> None:
        """One key, or keys held together."""
        self.keys += 1
        self.page.keyboard.press(name)

    def settle(self) -> None:
        self.page.wait_for_load_state("domcontentloaded")

    def newest_message(self, words: str) -> Locator:
        """The first message on the page, as soon as it is the one with these words: messages go out some seconds after the act."""
        first = self.page.locator("main ol.results > li").first
        deadline = time.monotonic() + 20
        start = time.monotonic()
        while time.monotonic() < deadline:
            if first.count() and words in first.inner_text():
                self.away += time.monotonic() - start
                return first.get_by_role("link")
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"no message with “{words}”: {self.page.locator('main').inner_text()[:600]}")

    # -- entry

    def fill(self, field: str, value: str) -> None:
        """Types into the control with this id."""
        start = time.monotonic()
        self.page.locator(f'[id="{field}"]').fill(value)
        self.away += time.monotonic() - start

    def select(self, field: str, value: str) -> None:
        start = time.monotonic()
        self.page.locator(f'[id="{field}"]').select_option(value)
        self.away += time.monotonic() - start

    def answer(self, name: str, value: str) -> None:
        """Ticks a choice. The label is what people tap; the control itself may be drawn by the sheet."""
        start = time.monotonic()
        self.page.locator(f'input[name="{name}"][value="{value}"]:not([type=hidden])').check(force=True)
        self.away += time.monotonic() - start
