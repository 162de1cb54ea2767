"""Flowcharts as BPMN 2.0, read and run by a tool that is not ours: SpiffWorkflow, with the schema of the standard."""

import json
import urllib.request

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


@pytest.fixture(scope="module")
def charts(house):
    """Every item of the area that has links, as BPMN."""
    done = house.run("catalogue", "export", "--area", "510106", "--log", "error")
    slugs = [item["slug"] for item in map(json.loads, done.stdout.splitlines()) if item["stages"]]
    found = {}
    for slug in slugs:
        with urllib.request.urlopen(house.address(f"/items/{slug}/chart.bpmn"), timeout=20) as answer:
            assert answer.headers["Content-Type"].startswith("application/xml")
            found[slug] = answer.read()
    assert len(found) > 8
    return found


def run(bpmn: bytes, decision: str) -> tuple[list[str], BpmnWorkflow]:
    parser = BpmnParser(validator=BpmnValidator())
    parser.add_bpmn_xml(etree.fromstring(bpmn))
    process = parser.get_process_ids()[0]
    workflow = BpmnWorkflow(parser.get_spec(process), parser.get_subprocess_specs(process))
    done: list[str] = []
    for _ in range(100):
        workflow.do_engine_steps()
        ready = workflow.get_tasks(manual=True, state=16)
        if not ready:
            break
        for task in ready:
            done.append(task.task_spec.bpmn_name)
            task.data["decision"] = decision
            task.run()
    return done, workflow


def test_every_chart_is_by_the_schema_and_runs_to_its_end(charts):
    for slug, bpmn in charts.items():
        done, workflow = run(bpmn, "granted")
        assert workflow.completed, slug
        tasks = [node.get("name") for node in etree.fromstring(bpmn).iterfind(".//bpmn:userTask", NAMES)]
        assert sorted(done) == sorted(tasks), slug


def test_a_refusal_ends_before_the_result(charts):
    refused = 0
    for slug, bpmn in charts.items():
        tree = etree.fromstring(bpmn)
        if tree.find(".//bpmn:exclusiveGateway", NAMES) is None:
            continue
        done, workflow = run(bpmn, "refused")
        assert workflow.completed, slug
        assert "办结" not in done, slug
        refused += 1
    assert refused > 3


def test_the_diagram_can_be_drawn(charts):
    """Each node has a place of its own inside its lane, each flow a line from the edge of one to the edge of the other."""
    for slug, bpmn in charts.items():
        tree = etree.fromstring(bpmn)
        boxes = {}
        for shape in tree.iterfind(".//bpmndi:BPMNShape", NAMES):
            bounds = shape.find("dc:Bounds", NAMES)
            boxes[shape.get("bpmnElement")] = tuple(float(bounds.get(n)) for n in ("x", "y", "width", "height"))
        nodes = [n.get("id") for n in tree.find(".//bpmn:process", NAMES) if n.tag.endswith(("Event", "Task", "Gateway"))]
        for index, one in enumerate(nodes):
            for other in nodes[index + 1 :]:
                a, b = boxes[one], boxes[other]
                apart = a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
                assert apart, (slug, one, other)
        for lane in tree.iterfind(".//bpmn:lane", NAMES):
            x, y, w, h = boxes[lane.get("id")]
            for ref in lane.iterfind("bpmn:flowNodeRef", NAMES):
                nx, ny, nw, nh = boxes[ref.text]
                assert x <= nx and y <= ny and nx + nw <= x + w and ny + nh <= y + h, (slug, ref.text)
        for flow in tree.iterfind(".//bpmn:sequenceFlow", NAMES):
            edge = tree.find(f".//bpmndi:BPMNEdge[@bpmnElement='{flow.get('id')}']", NAMES)
            points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iterfind("di:waypoint", NAMES)]
            fx, fy, fw, fh = boxes[flow.get("sourceRef")]
            tx, ty, tw, th = boxes[flow.get("targetRef")]
            assert points[0] == (fx + fw, fy + fh / 2) and points[-1] == (tx, ty + th / 2), (slug, flow.get("id"))


def test_a_broken_chart_is_told_from_a_good_one(charts):
    """The schema that the charts are held against refuses what is none."""
    bpmn = next(iter(charts.values())).replace(b"targetRef=", b"goesTo=", 1)
    with pytest.raises(Exception, match="goesTo|targetRef"):
        run(bpmn, "granted")
