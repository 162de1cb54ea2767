"""A case decided in a moment: found by the detector, counted among the figures, settled with a reason without a script."""

import time

import road


def test_decided_in_a_moment_is_found_and_settled(house, room, files):
    number = road.apply_plainly(room.visitor(house, road.OWNER), files)
    for who, button in (("demo.clerk", "受理"), ("demo.reviewer", "通过"), ("demo.approver", "准予")):
        road.act_plainly(room.visitor(house, who), number, button)
    desk = room.plain(house, "demo.supervisor")
    ends = time.monotonic() + 75
    row = desk.locator("tr", has=desk.locator(f"a[href$='/desk/cases/{number}']"), has_text="受理后很快作出决定")
    while time.monotonic() < ends:
        desk.goto(house.address("/desk/detector?rule=instant"))
        if row.count():
            break
        time.sleep(1)
    assert "中间经过审核" in row.inner_text()
    row.get_by_role("link", name="核实线索").click()
    desk.get_by_role("button", name="记录核实情况").click()
    assert "选择核实结果" in desk.content() and "写明情况" in desk.content()
    desk.get_by_label("情况说明").fill("材料现场核对，当场办结")
    desk.get_by_label("办理没有问题").check()
    desk.get_by_role("button", name="记录核实情况").click()
    assert "已记录核实情况" in desk.content()
    desk.goto(house.address("/desk/detector?settled=1"))
    assert "材料现场核对，当场办结" in desk.content()
    figures = room.plain(house)
    figures.goto(house.address("/limits"))
    assert figures.get_by_role("link", name="食品经营许可（新办）").count() == 1
