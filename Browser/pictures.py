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


PLAN = """<svg xmlns="http://www.w3.org/2000/svg" width="760" height="560" font-family="Noto Sans CJK SC" font-size="20">
<rect width="760" height="560" fill="#fff"/><g fill="none" stroke="#1A1F26" stroke-width="4">
<path d="M60 80h640v400H60z M60 300h260 M320 80v120 M320 260v220 M480 300h220 M480 300v60 M480 420v60"/></g>
<g fill="none" stroke="#4A5563" stroke-width="2"><rect x="90" y="100" width="60" height="40"/><rect x="170" y="100" width="60" height="40"/>
<rect x="90" y="220" width="120" height="50"/><circle cx="260" cy="245" r="20"/><rect x="400" y="120" width="60" height="60"/>
<rect x="520" y="120" width="60" height="60"/><rect x="400" y="220" width="60" height="60"/><rect x="520" y="220" width="60" height="60"/>
<path d="M120 350h160m-16-8l16 8-16 8"/></g><g fill="#1A1F26" text-anchor="middle"><text x="190" y="190">操作间 30 ㎡</text>
<text x="120" y="126" font-size="15">水池</text><text x="200" y="126" font-size="15">洗手池</text><text x="150" y="251" font-size="15">灶台</text>
<text x="540" y="110" font-size="16">就餐区 24 座</text><text x="190" y="400">仓库</text><text x="590" y="400">卫生间</text>
<text x="380" y="46" font-size="24">演示小吃店平面图(示范路 2 号)</text></g></svg>"""


def plan(browser, path: Path) -> Path:
    """A drawing such as owners hand in."""
    page = browser.new_page(viewport={"width": 760, "height": 560})
    page.set_content(f'<body style="margin:0">{PLAN}</body>')
    page.screenshot(path=path)
    page.close()
    return path


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
        for address, what in (
            ("/", "home"),
            (f"/items/{road.ITEM}{query}", "guide"),
            (f"/my/cases/{numbers[0]}", "case"),
        ):
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
    desk.keyboard.press("BracketRight")
    take(desk, "desk-case")
    approver = room.desktop(house, "demo.approver")
    approver.goto(house.address(f"/desk/cases/{numbers[0]}/decision/refuse"))
    take(approver, "desk-refusal")
    board = room.desktop(house, "demo.supervisor")
    board.goto(house.address("/desk/board"))
    take(board, "desk-board")


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
            files["layout"] = plan(browser, folder / "平面图.png")
            draw(house, room, files)
        finally:
            room.close()
            house.close()
            browser.close()


if __name__ == "__main__":
    main()
