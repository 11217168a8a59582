"""What browsers report of the content policy is kept by the host and shown with its setting."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.client import Server

REPORTS = "/.well-known/csp-report"


def report(web: Server, source: str, blocked: str) -> int:
    body = {
        "document-uri": f"https://{web.domain}/cart?token=secret",
        "effective-directive": "script-src-elem",
        "blocked-uri": blocked,
    }
    kind = {"Content-Type": "application/csp-report"}
    data = json.dumps({"csp-report": body}).encode()
    return web.ask(REPORTS, "POST", headers=kind, body=data, source=source).status


@once_at_all
def test_WEB_17_a_violation_is_shown_with_the_setting_that_allows_it(
    box: Host, web: Server, visitor: Callable[[], str]
) -> None:
    page = web.ask("/")
    assert "report-uri" in page.header("content-security-policy")
    someone = visitor()
    assert report(web, someone, "https://cdn.example/app.js?key=secret") == 204
    end = time.monotonic() + 10
    while "script-src https://cdn.example" not in (said := box.ssh("readyhost-csp")):
        assert time.monotonic() < end, said
        time.sleep(0.3)
    assert "script-src 'self' https://cdn.example" in said
    assert "/cart" in said
    assert "secret" not in box.ssh("cat /var/log/nginx/reports.log")
    assert box.ssh("stat -c %U:%a /var/log/nginx/reports.log") == "www-data:640"


@once_at_all
def test_WEB_17_reports_are_bounded(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    statuses = [report(web, someone, "inline") for _ in range(60)]
    assert statuses.count(429) >= 20
    assert set(statuses) == {204, 429}
    assert web.ask("/version", source=someone).status == 200, "they count for nothing else"
