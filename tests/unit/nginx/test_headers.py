"""Security headers: on whatever is answered, once, and the application's own win."""

import base64
import hashlib
import re
from typing import Any

import pytest

from .conftest import Serve, Web

EXPECTED = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-site",
}
ONCE = (*EXPECTED, "content-security-policy", "permissions-policy", "x-request-id")


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(body_limit_mb=1, headers={"content_security_policy": "strict"})


PLACES: dict[str, tuple[str, dict[str, Any], int]] = {
    "of the application": ("/answer", {}, 200),
    "an error of the application": ("/answer?status=500", {}, 500),
    "not found by the application": ("/answer?status=404", {}, 404),
    "a static file": ("/static/app.css", {}, 200),
    "a missing static file": ("/static/none.css", {}, 404),
    "an upload": ("/uploads/photo.png", {}, 200),
    "a closed path": ("/docs", {}, 404),
    "too large": ("/answer", {"method": "POST", "headers": {"Content-Length": "2000000"}}, 413),
    "a refused method": ("/answer", {"method": "PROPFIND"}, 405),
    "a dead application": ("/gone", {}, 502),
    "a redirect": ("/answer", {"host": "www.shop.test"}, 301),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_response_has_them(web: Web, place: str) -> None:
    web.write("current/static/app.css", "body {}")
    web.write("uploads/photo.png", "png")
    path, how, status = PLACES[place]
    answer = web.ask(path, **how)
    assert answer.status == status
    for name in ONCE:
        assert len(answer.all(name)) == 1, name
    for name, value in EXPECTED.items():
        assert answer.header(name) == value
    policy = answer.header("content-security-policy")
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.header("server") == "nginx"


def test_plain_http_redirects_without_hsts(web: Web) -> None:
    answer = web.ask("/a?b=c", tls=False)
    assert (answer.status, answer.header("location")) == (301, "https://shop.test/a?b=c")
    assert answer.all("strict-transport-security") == []  # RFC 6797, 7.2
    assert answer.header("x-content-type-options") == "nosniff"


def test_the_applications_own_policy_replaces_the_default(web: Web) -> None:
    own = "script-src 'nonce-abc'"
    answer = web.answer(200, f"Content-Security-Policy:{own}", "X-Frame-Options:SAMEORIGIN")
    assert answer.header("content-security-policy") == own
    assert answer.header("x-frame-options") == "SAMEORIGIN"


def test_the_application_can_not_weaken_or_double_the_rest(web: Web) -> None:
    answer = web.answer(
        200,
        "Strict-Transport-Security:max-age=0",
        "X-Content-Type-Options:none",
        "X-Request-ID:mine",
        "X-Powered-By:Express",
        "Server:secret/1.0",
    )
    assert answer.header("strict-transport-security") == "max-age=63072000"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("x-request-id") != "mine"
    assert answer.header("server") == "nginx"
    assert answer.all("x-powered-by") == []


def test_error_pages_style_is_allowed_by_their_policy(web: Web) -> None:
    answer = web.ask("/docs")
    (style,) = re.findall(rb"<style>(.*?)</style>", answer.body)
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    assert f"'sha256-{digest}'" in answer.header("content-security-policy")
