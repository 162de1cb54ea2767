"""Draws the pictures of the README into docs/pictures: `.venv/bin/python Browser/pictures.py`. Run by hand, never by the tests."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

import papers  # noqa: E402
import road  # noqa: E402
from conftest import CHROMIUM, Room  # noqa: E402
from hand import Hand  # noqa: E402
from house import House, ROOT, program  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 1}


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}.png {(FOLDER / f'{name}.png').stat().st_size // 1024} KB")


def draw(house: House, room: Room, files: dict[str, Path]) -> None:
    owner = room.visitor(house, road.OWNER)
    numbers = [road.apply_plainly(owner, files) for _ in range(4)]
    clerk = room.visitor(house, "demo.clerk")
    road.act_plainly(clerk, numbers[0], "受理")
    reviewer = room.visitor(house, "demo.reviewer")
    road.act_plainly(reviewer, numbers[0], "通过")
    query = "?s.business=catering&s.projects=hot&s.who=self"
    for shape, name in ((PHONE, "phone"), ({"viewport": {"width": 1440, "height": 900}}, "desktop")):
        page = room.page(house, road.OWNER, **shape)
        for address, what in (("/", "home"), (f"/items/{road.ITEM}{query}", "guide"), (f"/my/cases/{numbers[0]}", "case")):
            page.goto(house.address(address))
            take(page, f"{what}-{name}")
        page.goto(house.address(f"/items/{road.ITEM}{query}"))
        Hand(page, looks=False).press("在线申请")
        page.wait_for_url("**/operator*")
        take(page, f"form-{name}")
    desk = room.desktop(house, "demo.clerk")
    desk.goto(house.address("/desk/tasks"))
    take(desk, "desk-tasks")
    desk.goto(house.address(f"/desk/cases/{numbers[1]}"))
    take(desk, "desk-case")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        files = {
            "licence": papers.png(folder / "营业执照.png", 220),
            "layout": papers.pdf(folder / "平面图.pdf"),
            "equipment": papers.pdf(folder / "设备清单.pdf"),
            "rules": papers.pdf(folder / "制度目录.pdf"),
        }
        house = House(program())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        room = Room(browser, playwright)
        try:
            house.prepare()
            house.start()
            draw(house, room, files)
        finally:
            room.close()
            house.close()
            browser.close()


if __name__ == "__main__":
    main()
