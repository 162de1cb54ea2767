"""A real Prometheus scrapes the program and is asked for what it keeps."""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import road
from house import House, PASSWORD, free_port
from plain import Visitor


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not here: apt-get install prometheus"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


class Prometheus:
    """The server of the Debian package on a free port, never as root."""

    def __init__(self, target: str):
        self.folder = tempfile.mkdtemp(prefix="tongban-prometheus-")
        self.url = f"http://127.0.0.1:{free_port()}"
        config = Path(self.folder) / "prometheus.yml"
        config.write_text(
            "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
            "scrape_configs:\n"
            f"  - {{job_name: tongban, static_configs: [{{targets: ['{target}']}}]}}\n",
            encoding="utf-8",
        )
        words = [
            tool("prometheus"),
            f"--config.file={config}",
            f"--storage.tsdb.path={self.folder}/data",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            "--log.level=warn",
        ]
        who = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in [Path(self.folder), config]:
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
            who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.log = open(Path(self.folder) / "log", "w", encoding="utf-8")
        self.process = subprocess.Popen(words, stdout=self.log, stderr=subprocess.STDOUT, cwd=self.folder, **who)

    def get(self, path: str, **query: str) -> dict:
        address = f"{self.url}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=5) as answer:
            told = json.load(answer)
        assert told["status"] == "success", told
        return told["data"]

    def value(self, expression: str) -> list[float]:
        return [float(found["value"][1]) for found in self.get("/api/v1/query", query=expression)["result"]]

    def wait_for(self, expression: str, seconds: float = 30) -> list[float]:
        """The values of an expression as soon as there are some."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"Prometheus ended:\n{self.said()}"
            try:
                if found := self.value(expression):
                    return found
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(0.3)
        raise AssertionError(f"no {expression} after {seconds} s:\n{self.said()}")

    def said(self) -> str:
        return (Path(self.folder) / "log").read_text(encoding="utf-8", errors="replace")[-3000:]

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def prometheus(house: House) -> Iterator[Prometheus]:
    server = Prometheus(house.url.removeprefix("http://"))
    try:
        yield server
    finally:
        server.close()


def metrics(house: House) -> str:
    with urllib.request.urlopen(f"{house.url}/metrics", timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return answer.read().decode()


def submissions(house: House) -> float:
    """How many cases the program says were handed in since its start."""
    lines = [line for line in metrics(house).splitlines() if line.startswith("tongban_commands_total{")]
    return sum(float(line.split()[-1]) for line in lines if 'proceeding="case"' in line and 'command="submit"' in line)


def test_prometheus_scrapes_the_program(house, playwright, files, prometheus):
    visitor = Visitor(playwright, house)
    visitor.sign_in(road.OWNER, PASSWORD)
    before = submissions(house)
    number = road.apply_plainly(visitor, files)
    assert visitor.get("/my/cases/0000").status == 404
    visitor.close()
    clerk = Visitor(playwright, house)
    clerk.sign_in("demo.clerk", PASSWORD)
    assert clerk.get(f"/desk/cases/{number}").status == 200
    clerk.close()

    assert prometheus.wait_for('up{job="tongban"}') == [1]
    submitted = 'tongban_commands_total{proceeding="case",command="submit"}'
    deadline = time.monotonic() + 20
    # A package's later steps hand in cases of their own meanwhile: what is scraped is what the program counts.
    while (scraped := prometheus.wait_for(submitted)) != [submissions(house)] or scraped < [before + 1]:
        assert time.monotonic() < deadline, prometheus.value(submitted)
        time.sleep(0.5)
    # Commands that nobody gave stand there as zero.
    assert prometheus.value('tongban_commands_total{command="void"}') == [0]
    assert len(prometheus.value("tongban_commands_total")) >= 25
    assert prometheus.value('http_requests_total{route="/:area/my/cases/:number",status="404"}')[0] >= 1
    [slow] = prometheus.value(
        'histogram_quantile(0.99, sum by (le) (tongban_command_duration_seconds_bucket{command="submit"}))'
    )
    assert 0 < slow < 10
    assert len(prometheus.value("count by (statement) (tongban_statement_duration_seconds_count)")) > 30
    queues = {
        found["metric"]["queue"] for found in prometheus.get("/api/v1/query", query="tongban_queue_depth")["result"]
    }
    assert {"outbox.message", "outbox.sms", "outbox.my-case", "timers", "imports", "exports"} <= queues, queues
    assert prometheus.wait_for('tongban_job_last_success_timestamp_seconds{name="workflow.timers"}')[0] > 1_700_000_000
    assert prometheus.wait_for('tongban_storage_bytes{what="database"}')[0] > 100_000

    [target] = prometheus.get("/api/v1/targets")["activeTargets"]
    assert target["health"] == "up" and target["lastError"] == "", target
    dropped = "scrape_samples_scraped - scrape_samples_post_metric_relabeling"
    assert prometheus.value(dropped) == [0]
    for counter in ["target_scrapes_sample_duplicate_timestamp_total", "target_scrapes_sample_out_of_bounds_total"]:
        assert all(value == 0 for value in prometheus.value(f"prometheus_{counter}"))


def test_promtool_finds_nothing(house):
    done = subprocess.run(
        [tool("promtool"), "check", "metrics"], input=metrics(house), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and not done.stderr, done.stderr[:3000]


def test_only_the_machine_itself_reads_figures(house, playwright):
    """Behind a proxy the figures are nobody's: the caller is who the proxy says."""
    other = House(house.binary)
    try:
        other.prepare()
        other.start("--behind-proxy")
        request = urllib.request.Request(f"{other.url}/metrics", headers={"X-Forwarded-For": "203.0.113.7"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 404
    finally:
        other.close()
