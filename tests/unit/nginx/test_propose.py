"""Limits that a host's own access log suggests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

from roles.nginx import Nginx
from roles.nginx.host.propose import main, place


def line(path: str, **more: Any) -> str:
    entry = {
        "time": "2026-01-31T10:00:07+00:00", "client": "192.0.2.1", "path": path, "status": 200,
        "upstream": "unix:/srv/shop/live/web-1.sock", "through": "", "agent": "curl",
    }  # fmt: skip
    return json.dumps({**entry, **more})


def said(tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: str) -> str:
    log = tmp_path / "access.log"
    log.write_text("\n".join([*lines, "no JSON", "{"]))
    main([str(log)])
    return capsys.readouterr().out


def test_WEB_04_a_path_that_one_client_asks_often_is_proposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pings = [line(f"/ping/{n:04}") for n in range(70)]
    refused = [line("/ping/1", status=429, upstream="") for _ in range(30)]
    files = [line("/static/a.css", upstream="") for _ in range(500)]
    found = said(tmp_path, capsys, *pings, *refused, *files, line("/about"))
    assert 'path = "/ping"\nrate_per_minute = 200' in found
    assert found.count("[[nginx.limits.paths]]") == 1
    assert "static" not in found
    proposed = tomllib.loads(found[found.index("[[nginx.limits.paths]]") :])["nginx"]
    (path,) = Nginx.model_validate(proposed).limits.paths  # as it is printed
    assert (path.path, path.rate_per_minute) == ("/ping", 200)


def test_SEC_04_a_proxy_that_nobody_trusts_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    through = [line("/", client="203.0.113.5", through="1", agent=f"b{n}") for n in range(9)]
    one = [line("/", client="203.0.113.6", through="1") for _ in range(9)]
    found = said(tmp_path, capsys, *through, *one)
    assert "203.0.113.5" in found and "nginx.trusted_proxies" in found
    assert "203.0.113.6" not in found


def test_nothing_is_said_of_an_empty_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nobody" in said(tmp_path, capsys)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/", "/"), ("/api/v1/items/7", "/api/v1"), ("/u/8f3a91c2", "/u"),
        ("/u/jane/posts", "/u/jane"),
        ("/a\u0000b", "/"), ('/x"\n[nginx]', "/"),
    ],
)  # fmt: skip
def test_a_place_is_what_paths_have_in_common(path: str, found: str) -> None:
    assert place(path) == found
