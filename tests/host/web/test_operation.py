"""What Nginx writes down, and the switch for maintenance."""

from __future__ import annotations

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once
from tests.support.client import Server

from .asked import logged, workers


def test_LOG_02_a_request_is_found_by_its_id_with_its_times(box: Host, web: Server) -> None:
    agent = '"}{\\'
    answer = web.ask("/slow?seconds=0.3&token=secret", headers={"User-Agent": agent})
    (entry,) = logged(box, answer.header("x-request-id"))
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/slow", 200)
    assert entry["request_time"] >= 0.3
    assert float(entry["upstream_time"]) >= 0.3
    assert (entry["client"], entry["host"], entry["agent"]) == ("10.0.3.1", DOMAIN, agent)
    assert entry["upstream"].startswith("unix:/srv/")


def last_lines(output: str) -> str:
    """What a run says below its table."""
    return output.rpartition("Grand total")[2]


@once
def test_REL_07_what_is_closed_by_default_is_in_the_first_run_s_last_lines(box: Host) -> None:
    said = last_lines(box.first_run)
    assert "closed to visitors (404), as the API's documentation: /docs, " in said
    assert "nginx.docs_open opens all" in said
    assert "closed to visitors" not in last_lines(box.second_run)


def test_maintenance_closes_and_opens_at_once(box: Host, web: Server, stylesheet: str) -> None:
    before = workers(box)
    assert box.ssh("maintenance on") == "maintenance is on"
    try:
        wish = {"Accept": "application/json"}
        closed = [web.ask(path, headers=wish) for path in ("/", "/items", stylesheet)]
        health = web.ask("/health").status
        said = last_lines(box.pyinfra("--dry").stdout)
    finally:
        box.ssh("maintenance off")
    assert {answer.status for answer in closed} == {503}
    assert {answer.header("retry-after") for answer in closed} == {"300"}
    assert closed[0].json()["error"] == "Down for maintenance"
    assert health == 200
    assert "closed to visitors (503) since somebody said `maintenance on`" in said
    assert web.ask("/version").status == 200
    assert workers(box) == before
