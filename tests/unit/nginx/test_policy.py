"""The content policy: what is sent, what is reported, and what a host makes of reports."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from roles.nginx.host import policy as host
from roles.nginx.policy import LENIENT, REPORTS, STRICT, policy

from .conftest import Serve, Web

HTML = "Content-Type:text/html; charset=utf-8"
ONLY = "content-security-policy-report-only"


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(limits={"per_minute": 0, "per_hour": 0}, reports_per_minute=5)


def report(web: Web, source: str = "", method: str = "POST", **said: Any) -> int:
    body = {
        "document-uri": "https://shop.test/cart?token=secret#x",
        "violated-directive": "script-src-elem",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://cdn.example/app.js?key=secret",
        **said,
    }
    return web.ask(
        REPORTS,
        method,
        headers={"Content-Type": "application/csp-report"},
        body=json.dumps({"csp-report": body}).encode(),
        source=source,
    ).status


def kept(web: Web, lines: int) -> list[dict[str, str]]:
    file, end = web.root / "var/log/nginx/reports.log", time.monotonic() + 5
    while len(found := file.read_text().splitlines()) < lines:
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return [json.loads(line) for line in found]


def test_WEB_17_a_new_host_reports_what_the_strict_policy_would_refuse(web: Web) -> None:
    page = web.answer(200, HTML)
    assert page.header("content-security-policy").startswith(LENIENT)
    assert page.header(ONLY) == f"{STRICT}; report-uri {REPORTS}"
    assert web.answer(200, "Content-Type:application/json").all(ONLY) == []
    assert web.ask("/.env").all(ONLY) == []


def test_WEB_17_an_application_with_a_policy_of_its_own_has_that_alone(web: Web) -> None:
    page = web.answer(200, HTML, "Content-Security-Policy:default-src 'none'")
    assert page.all("content-security-policy") == ["default-src 'none'"]
    assert page.all(ONLY) == []
    own = web.answer(200, HTML, f"{ONLY}:default-src 'none'")
    assert own.all(ONLY) == ["default-src 'none'"]


@pytest.mark.parametrize(
    ("setting", "sent"), [("strict", STRICT), ("img-src a.test", "img-src a.test")]
)
def test_WEB_17_a_chosen_policy_is_in_force(serve: Serve, setting: str, sent: str) -> None:
    page = serve(headers={"content_security_policy": setting}).answer(200, HTML)
    assert page.header("content-security-policy") == f"{sent}; report-uri {REPORTS}"
    assert page.all(ONLY) == []


def test_WEB_17_a_report_is_kept_without_what_may_be_a_token(web: Web) -> None:
    assert report(web, "127.0.4.1") == 204
    (entry,) = kept(web, 1)
    del entry["time"]
    assert entry == {
        "page": "/cart", "directive": "script-src-elem", "blocked": "https://cdn.example/app.js",
    }  # fmt: skip
    assert not [seen for seen in web.reached if "csp" in str(seen)]


def test_WEB_17_reports_are_bounded(web: Web) -> None:
    before = len(kept(web, 0))
    assert report(web, "127.0.4.2", x="y" * 20_000) == 413
    assert report(web, "127.0.4.3", "GET") in (403, 405)
    assert [report(web, "127.0.4.4") for _ in range(12)].count(204) <= 7
    assert (
        report(web, "127.0.4.5", **{"effective-directive": "", "violated-directive": "<x>"}) == 204
    )
    forged = 'script-src","page":"/x'
    report(web, "127.0.4.5", **{"effective-directive": forged, "blocked-uri": 'a"\n{"x":1}'})
    time.sleep(0.2)
    found = kept(web, before + 6)[before:]
    assert len(found) <= 8
    assert {entry["page"] for entry in found} == {"/cart"}


def logged(tmp_path: Path, *entries: tuple[str, str, str]) -> str:
    log = tmp_path / "reports.log"
    lines = [json.dumps({"directive": d, "blocked": b, "page": p}) for d, b, p in entries]
    log.write_text("\n".join([*lines, "no JSON", "[]", '{"directive": 1}']))
    return str(log)


def test_WEB_17_each_violation_is_shown_with_its_setting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "policy"
    target.write_text(f"{STRICT}\n")
    monkeypatch.setattr(host, "POLICY", str(target))
    host.main([logged(
        tmp_path,
        ("script-src-elem", "https://cdn.example/app.js", "/cart"),
        ("script-src-elem", "https://cdn.example/b.js", "/"),
        ("style-src-attr", "inline", "/cart"),
        ("frame-ancestors", "https://a.example", "/"),
        ("script-src", "javascript:alert(1)", "/x"),
        ("script-src'; x", "inline", "/x"),
        ("img-src", 'https://a"b', "/\u001b[31m"),
    )])  # fmt: skip
    said = capsys.readouterr().out
    assert "2  script-src https://cdn.example" in said
    assert "on /, /cart" in said
    for part in (
        "script-src 'self' https://cdn.example;", "style-src 'self' 'unsafe-inline'",
        "frame-ancestors https://a.example", "default-src 'self';",
    ):  # fmt: skip
        assert part in said
    assert "javascript" not in said


def test_WEB_17_a_report_gives_the_terminal_no_order(
    web: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"effective-directive": "script-src", "blocked-uri": "https://cdn.order/x.js"}
    page = "https://shop.test/\x1b]52;c;cm0gLXJm\x07\x9b\u202e"  # the clipboard, in a page's name
    text = json.dumps({"csp-report": said})[:-2] + f', "document-uri": "{page}"}}}}'
    before = len(kept(web, 0))
    kind = {"Content-Type": "application/csp-report"}
    assert (
        web.ask(REPORTS, "POST", headers=kind, body=text.encode(), source="127.0.4.9").status == 204
    )
    assert "\x1b" in kept(web, before + 1)[-1]["page"]
    host.main([str(web.root / "var/log/nginx/reports.log")])
    shown = capsys.readouterr().out
    assert "/?]52;c;cm0gLXJm?" in shown
    assert all(c.isprintable() or c == "\n" for c in shown)


def test_WEB_17_without_a_report_the_strict_policy_is_proposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host.main([str(tmp_path / "none")])
    assert 'content_security_policy = "strict"' in capsys.readouterr().out


def test_what_the_setting_means() -> None:
    assert policy("strict").target == policy("lenient").target == STRICT
    assert policy("").enforced == policy("").reported == ""
