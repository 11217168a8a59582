"""Hostile requests: each gets the status that it deserves, and the application sees none of it."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import re
import secrets
import ssl
import time
from collections.abc import Sequence

import pytest

from tests.host.conftest import Host
from tests.host.stages import once
from tests.support import hostile
from tests.support.client import Server
from tests.support.hostile import CLOSED, Attack

pytestmark = once

QUIET = 1.5  # seconds without an answer after which none is expected any more


def send(web: Server, data: bytes) -> tuple[list[int], bool]:
    """The statuses of all answers, CLOSED when the connection ended without any; and whether one
    of them is the application's, which names its release."""
    found, ended = b"", False
    with web.connect(timeout=QUIET) as connection:
        # What is refused before it was all sent has its answer already.
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            connection.sendall(data)
        try:
            while piece := connection.recv(65536):
                found += piece
            ended = True
        except TimeoutError:
            pass
        except (ConnectionError, ssl.SSLError):
            ended = True
    statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d{3}) ", found, re.M)]
    return statuses or ([CLOSED] if ended else []), b"\r\nx-release: " in found.lower()


def seen(box: Host, web: Server, token: str) -> list[dict]:
    """The requests below `token` that the application saw, by its own log."""
    last = f"/{token}-last"
    assert web.ask(last).status == 404
    end = time.monotonic() + 20
    while True:
        lines = box.run(f"grep -h '{token}' /var/log/app/web*.log").stdout.splitlines()
        if any(last in line for line in lines):
            entries = [json.loads(line[line.index("{") :]) for line in lines]
            return [entry for entry in entries if entry["path"] != last]
        assert time.monotonic() < end, "the application's log does not show a request"
        time.sleep(0.2)


def counted(box: Host, token: str) -> dict[str, str]:
    """What Nginx passed on below `token`: paths by request id, by its own log."""
    box.ssh("kill -USR1 $(cat /run/nginx.pid)")  # makes every worker write what it has
    time.sleep(0.5)
    lines = box.run(f"grep -h '{token}' /var/log/nginx/access.log").stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    return {entry["request_id"]: entry["path"] for entry in entries if entry["upstream"]}


@pytest.mark.parametrize("attacks", [hostile.HEADS, hostile.PATHS, hostile.SMUGGLING])
def test_hostile_requests_are_refused_and_reach_nothing(
    box: Host, web: Server, attacks: Sequence[Attack]
) -> None:
    run = secrets.token_hex(8)
    tokens = {f"{run}-{number:03d}": attack for number, attack in enumerate(attacks)}
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        sent = {token: pool.submit(send, web, one.bytes(token)) for token, one in tokens.items()}
        answers = {token: future.result() for token, future in sent.items()}
    wrong = {
        attack.name: answers[token]
        for token, attack in tokens.items()
        for statuses, by_application in [answers[token]]
        if not set(statuses[:1]) & set(attack.statuses) or by_application > attack.passes
    }
    assert wrong == {}
    reached = seen(box, web, run)
    allowed = tuple(f"/{token}" for token, attack in tokens.items() if attack.passes)
    assert [one["path"] for one in reached if not one["path"].startswith(allowed or "-")] == []
    assert [one["path"] for one in reached if "smuggled" in one["path"]] == []
    # Both agree on where each request began: the application saw those that Nginx counted.
    passed = counted(box, run)
    assert {one["request_id"] for one in reached} <= set(passed)
    assert len({one["request_id"] for one in reached}) == len(reached)
    assert web.ask("/version").status == 200


def test_what_passes_is_seen(box: Host, web: Server) -> None:
    """So that the tests above would notice."""
    token = secrets.token_hex(8) + "-000"
    assert send(web, Attack("", hostile.get(), (404,)).bytes(token)) == ([404], True)
    (one,) = seen(box, web, token)
    assert counted(box, token)[one["request_id"]] == f"/{token}"


def test_a_claimed_address_is_not_believed_by_the_application(box: Host, web: Server) -> None:
    token = secrets.token_hex(8)
    claims = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP")
    web.ask(f"/{token}", headers=dict.fromkeys(claims, "6.6.6.6"))
    assert [one["client"] for one in seen(box, web, token)] == ["10.0.3.1"]


@pytest.mark.parametrize("path", ["/%0d%0aX-Evil:%20yes", "/a?b=%0d%0aX-Evil:%20yes"])
def test_a_line_break_in_a_url_makes_no_header(web: Server, path: str) -> None:
    for answer in (web.ask(path), web.ask(path, tls=False)):
        assert answer.all("x-evil") == []
