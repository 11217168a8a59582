"""What Nginx writes down, and the switch for maintenance."""

from __future__ import annotations

from tests.support.client import Server

from .conftest import DOMAIN, Host
from .web import logged, workers


def test_LOG_02_a_request_is_found_by_its_id_with_its_times(box: Host, web: Server) -> None:
    agent = '"}{\\'
    answer = web.ask("/slow?seconds=0.3&token=secret", headers={"User-Agent": agent})
    (entry,) = logged(box, answer.header("x-request-id"))
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/slow", 200)
    assert entry["request_time"] >= 0.3
    assert float(entry["upstream_time"]) >= 0.3
    assert (entry["client"], entry["host"], entry["agent"]) == ("10.0.3.1", DOMAIN, agent)
    assert entry["upstream"].startswith("unix:/srv/")


def test_maintenance_closes_and_opens_at_once(box: Host, web: Server, stylesheet: str) -> None:
    before = workers(box)
    assert box.ssh("maintenance on") == "maintenance is on"
    try:
        wish = {"Accept": "application/json"}
        closed = [web.ask(path, headers=wish) for path in ("/", "/items", stylesheet)]
        health = web.ask("/health").status
    finally:
        box.ssh("maintenance off")
    assert {answer.status for answer in closed} == {503}
    assert {answer.header("retry-after") for answer in closed} == {"300"}
    assert closed[0].json()["error"] == "Down for maintenance"
    assert health == 200
    assert web.ask("/version").status == 200
    assert workers(box) == before
