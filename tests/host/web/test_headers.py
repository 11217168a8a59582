"""Every response carries the headers that protect its reader."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.client import Server

from .asked import HEADERS, MB


def test_WEB_05_headers_are_on_every_response(
    web: Server, stylesheet: str, visitor: Callable[[], str]
) -> None:
    someone = visitor()
    refused = web.ask("/version", source=someone)
    for _ in range(500):
        if refused.status == 429:
            break
        refused = web.ask("/version", source=someone)
    answers = {
        200: web.ask("/"),
        404: web.ask("/none"),
        405: web.ask("/", "PROPFIND"),
        413: web.ask("/items", "POST", headers={"Content-Length": str(51 * MB)}),
        429: refused,
    }
    for status, answer in answers.items():
        assert answer.status == status
    files = [web.ask(stylesheet), web.ask("/static/none"), web.ask("/docs")]
    for answer in [*answers.values(), *files]:
        for name in HEADERS:
            assert len(answer.all(name)) == 1, f"{name} in the {answer.status}"
        policy = answer.header("content-security-policy")
        assert "object-src 'none'" in policy or "default-src 'none'" in policy
        assert answer.header("server") == "nginx"
        assert answer.all("x-powered-by") == []
