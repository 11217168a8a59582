"""How much one client may ask for."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

from roles.nginx.settings import Nginx
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.client import Server


def test_WEB_04_60_a_minute(web: Server, stylesheet: str, visitor: Callable[[], str]) -> None:
    someone, other = visitor(), visitor()
    begin = time.monotonic()
    statuses = [web.ask("/version", source=someone).status for _ in range(75)]
    grown = int(time.monotonic() - begin) + 1  # one a second comes back
    assert statuses[:60] == [200] * 60
    assert 60 <= statuses.count(200) <= 60 + grown
    refused = web.ask("/version", source=someone, headers={"Accept": "application/json"})
    if refused.status == 200:  # the second's own
        refused = web.ask("/version", source=someone, headers={"Accept": "application/json"})
    assert refused.status == 429
    assert refused.header("retry-after") == "60"
    assert refused.json()["error"] == "Too many requests"
    assert web.ask("/version", source=other).status == 200
    assert web.ask(stylesheet, source=someone).status == 200


def test_WEB_04_logins_are_stricter(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    guess = json.dumps({"email": "a@example.com", "password": "not the password"}).encode()
    kind = {"Content-Type": "application/json"}
    attempts = [
        web.ask(path, "POST", headers=kind, body=guess, source=someone).status
        for path in ("/login", "/login", "//login", "/login/", "/LOGIN", "/login", "/%6cogin")
    ]
    assert 429 not in attempts[:5]
    assert attempts[5:] == [429, 429]
    assert web.ask("/version", source=someone).status == 200


def test_WEB_04_a_claimed_address_is_no_way_around(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    statuses = Counter(
        web.ask("/version", source=someone, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status
        for n in range(75)
    )
    assert statuses[429] >= 10


def test_WEB_04_who_is_listed_has_no_limit(web: Server) -> None:
    """These tests' own address is."""
    head = f"GET /version HTTP/1.1\r\nHost: {web.domain}\r\n"
    more, last = head + "\r\n", head + "Connection: close\r\n\r\n"
    got = web.raw((more * 199 + last).encode(), timeout=30)
    assert got.count(b"HTTP/1.1 200 OK") == 200


def view(web: Server, source: str, *paths: str) -> Counter[bytes]:
    """Statuses of a page's own requests, as a browser marks them, on one connection."""
    mark = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"
    heads = [f"HEAD {path} HTTP/1.1\r\nHost: {web.domain}\r\n{mark}" for path in paths]
    heads[-1] += "Connection: close\r\n"
    got = web.raw("".join(f"{head}\r\n" for head in heads).encode(), source=source, timeout=60)
    return Counter(line[9:12] for line in got.splitlines() if line.startswith(b"HTTP/1.1"))


@once_at_all
def test_WEB_04_an_office_of_twenty_looks_at_pages(
    web: Server, stylesheet: str, visitor: Callable[[], str]
) -> None:
    """Twenty people behind one address, each a page of 40 requests, once in ten seconds. All 40
    reach the application: files are free."""
    office, page = visitor(), ["/version"] * 40
    with ThreadPoolExecutor(20) as people:
        for _ in range(2):
            begin = time.monotonic()
            found = sum(people.map(lambda _: view(web, office, *page), range(20)), Counter())
            assert found == {b"200": 800}
            time.sleep(max(0, begin + 10 - time.monotonic()))
        endless = sum(people.map(lambda _: view(web, office, *page * 5), range(20)), Counter())
    assert endless[b"429"], "nobody asks without end"
    assert view(web, office, *[stylesheet] * 200) == {b"200": 200}, "files are free"


@once_at_all
def test_WEB_04_limits_are_proposed_from_the_access_log(
    box: Host, web: Server, visitor: Callable[[], str]
) -> None:
    """For what one client asks more often than he may: lines that the settings take as they are.
    Nothing that a client writes gets into them."""
    someone = visitor()
    forged = "/%22%0A%5B%5Bnginx.limits.paths%5D%5D%0Apath=%22/admin"
    statuses = Counter(
        web.ask(path, source=someone).status for path in ["/version"] * 90 + [forged] * 30
    )
    assert statuses[429] >= 30
    # Nginx writes its log in pieces; a reader is no more than a member of the log's group.
    read, end = "runuser -u nobody -g nogroup -G adm -- readyhost-limits", time.monotonic() + 15
    while "[[nginx.limits.paths]]" not in (said := box.ssh(read)):
        assert time.monotonic() < end, said
        time.sleep(0.5)
    table, _, lines = said.partition("\n[[nginx.limits.paths]]")
    assert "/version" in table
    paths = Nginx.model_validate(
        tomllib.loads(f"[[nginx.limits.paths]]{lines}")["nginx"]
    ).limits.paths
    (proposed,) = (each for each in paths if each.path == "/version")
    assert proposed.rate_per_minute is not None and proposed.rate_per_minute >= 2 * 60
    assert all(re.fullmatch(r"(/[A-Za-z0-9_.~-]+)+", each.path) for each in paths)
    refused = box.run("runuser -u nobody -- readyhost-limits")
    assert (refused.returncode, "use sudo" in refused.stderr) == (1, True)
