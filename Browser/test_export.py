"""Exports: the file is whole, and the page tells how far it is while it is made."""

import csv
import io

from playwright.sync_api import expect

import road
from checks import axe
from plain import Visitor
from house import PASSWORD


def test_export_tells_how_far_it_is(house, room, playwright, files):
    owner = Visitor(playwright, house)
    owner.sign_in(road.OWNER, PASSWORD)
    number = road.apply_plainly(owner, files)
    owner.close()
    page = room.desktop(house, "demo.supervisor")
    page.goto(house.address("/desk/exports?count=1"))
    for name, suffix in (("下载 CSV", ".csv"), ("下载 Excel", ".xlsx")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        expect(page.locator("[data-export-line]")).to_contain_text("已生成全部")
        assert download.value.suggested_filename.endswith(suffix)
        body = open(download.value.path(), "rb").read()
        if suffix == ".csv":
            rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
            assert any(number in row[0].replace(" ", "") for row in rows)
        else:
            assert body[:2] == b"PK"
    axe(page)


def test_another_officers_export_is_nobodys_business(house, room):
    """Who may not export finds no page; an export one did not begin is unknown."""
    clerk = room.visitor(house, "demo.clerk")
    assert clerk.get("/desk/exports/progress?job=x").status == 404
    supervisor = room.visitor(house, "demo.supervisor")
    answer = supervisor.get("/desk/exports/progress?job=x")
    assert answer.status == 200 and answer.text == "null"
