"""The short cache: only what the application allows, never what is somebody's."""

import subprocess
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from roles.core.host import disk
from roles.nginx.role import kept_by
from tests.support.client import Answer

from .conftest import Serve, Web
from .laid_out import site


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(limits={"per_minute": 0, "per_hour": 0})


_numbers = iter(range(1000))


def twice(web: Web, *sent: str, first: dict | None = None, second: dict | None = None) -> Answer:
    """The second answer to the same address, whose first had the headers `sent`."""
    query = urlencode([("n", next(_numbers)), *(("header", header) for header in sent)])
    web.ask(f"/answer?{query}", **(first or {}))
    return web.ask(f"/answer?{query}", **(second or {}))


def test_what_may_be_kept_is(web: Web) -> None:
    before = len(web.reached)
    assert twice(web, "Cache-Control:s-maxage=30").header("x-cache-status") == "HIT"
    assert twice(web, "Cache-Control:max-age=30, Public").header("x-cache-status") == "HIT"
    assert len(web.reached) - before == 2


def test_a_release_is_not_answered_for_by_another(web: Web) -> None:
    query = urlencode([("n", next(_numbers)), ("header", "Cache-Control:s-maxage=31536000")])
    assert [_kept(web, query) for _ in range(2)] == ["MISS", "HIT"]
    link = web.root / "srv/shop/responses/live"
    for name in ("second", "third"):  # as roles/app/host/responses.py does at each switch
        link.with_name(name).mkdir()
        disk.link(link, Path(name))
        assert [_kept(web, query) for _ in range(2)] == ["MISS", "HIT"]
    assert "realpath" not in (web.root / "var/log/nginx/error.log").read_text()


def test_what_they_are_kept_by_is_there_before_the_first_release_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "srv/shop/responses/live"
    command = kept_by(replace(site(), responses=str(link)))
    subprocess.run(["sh", "-ec", command], check=True)
    assert link.resolve(strict=True) == tmp_path / "srv/shop/responses/first"
    link.with_name("second").mkdir()
    disk.link(link, Path("second"))
    subprocess.run(["sh", "-ec", command], check=True)
    assert link.readlink() == Path("second"), "a release's"


def _kept(web: Web, query: str) -> str:
    return web.ask(f"/answer?{query}").header("x-cache-status")


def test_it_is_kept_no_longer_than_allowed(web: Web) -> None:
    query = urlencode([("header", "Cache-Control:s-maxage=1")])
    web.ask(f"/answer?{query}")
    time.sleep(2.1)
    assert web.ask(f"/answer?{query}").header("x-cache-status") in ("EXPIRED", "STALE", "UPDATING")


@pytest.mark.parametrize(
    "sent",
    [
        (),
        ("Cache-Control:private, max-age=30",),
        ("Cache-Control:no-store",),
        ("Cache-Control:no-cache",),
        ("Cache-Control:max-age=30",),
        ("Cache-Control:max-age=30, x-public",),
        ("Cache-Control:s-maxage=30", "Set-Cookie:session=1"),
    ],
)
def test_what_may_not_be_kept_is_not(web: Web, sent: tuple[str, ...]) -> None:
    assert twice(web, *sent).header("x-cache-status") == "MISS"


@pytest.mark.parametrize("name", ["Cookie", "Authorization"])
def test_who_is_known_is_neither_answered_from_it_nor_kept(web: Web, name: str) -> None:
    known = {"headers": {name: "session=1"}}
    sent = "Cache-Control:s-maxage=30"
    assert twice(web, sent, second=known).header("x-cache-status") == "BYPASS"
    assert twice(web, sent, first=known).header("x-cache-status") == "MISS"


def test_other_methods_are_not_kept(web: Web) -> None:
    before = len(web.reached)
    post = {"method": "POST", "body": b"x"}
    twice(web, "Cache-Control:s-maxage=30", first=post, second=post)
    assert len(web.reached) - before == 2


def test_an_unkeyed_header_can_not_poison_it(web: Web) -> None:
    query = urlencode([("n", "poison"), ("header", "Cache-Control:s-maxage=30")])
    first = {"X-Forwarded-Host": "evil.test", "Origin": "https://shop.test"}
    web.ask(f"/answer?{query}", headers=first)
    answer = web.ask(f"/answer?{query}", headers={"Origin": "https://evil.test"})
    assert answer.header("x-cache-status") == "HIT"
    assert answer.all("access-control-allow-origin") == []
    assert {request["headers"]["x-forwarded-host"] for request in web.reached} == {"shop.test"}


def test_each_request_keeps_its_own_id(web: Web) -> None:
    query = urlencode([("n", "id"), ("header", "Cache-Control:s-maxage=30")])
    ids = {web.ask(f"/answer?{query}").header("x-request-id") for _ in range(3)}
    assert len(ids) == 3


def test_it_can_be_switched_off(serve: Serve) -> None:
    web = serve(cache={"enabled": False})
    assert twice(web, "Cache-Control:s-maxage=30").all("x-cache-status") == []
    assert len(web.reached) == 2
