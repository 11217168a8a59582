"""What the application lets anybody have, kept by Nginx."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from tests.host.conftest import Host
from tests.support.client import Server


def test_WEB_12_what_the_application_allows_is_kept_a_second(web: Server) -> None:
    path = f"/items?{urlencode({'n': time.time()})}"
    first, second = web.ask(path), web.ask(path)
    assert first.header("x-cache-status") == "MISS"
    assert second.header("x-cache-status") == "HIT"
    assert second.body == first.body
    for name in ("Cookie", "Authorization"):
        assert web.ask(path, headers={name: "session=1"}).header("x-cache-status") == "BYPASS"
    assert web.ask("/version").header("x-cache-status") == "MISS"
    assert web.ask("/version").header("x-cache-status") == "MISS"


def test_WEB_12_what_was_kept_is_readable_after_a_restart(box: Host, web: Server) -> None:
    path = f"/items?{urlencode({'n': time.time()})}"
    before = web.ask(path)
    assert before.header("x-cache-status") == "MISS"
    box.ssh("systemctl restart nginx")
    after = [web.ask(path) for _ in range(3)]
    assert [answer.status for answer in after] == [200] * 3
    assert after[0].header("x-cache-status") != "MISS", "the restart has lost it"
    assert {answer.body for answer in after} == {before.body}
