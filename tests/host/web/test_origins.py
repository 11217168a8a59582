"""Pages of other origins, and the application's documentation."""

from __future__ import annotations

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.support.client import Server

from .asked import logged


def test_WEB_09_other_origins_read_nothing(web: Server) -> None:
    own = web.ask("/items", headers={"Origin": f"https://{DOMAIN}"})
    assert own.header("access-control-allow-origin") == f"https://{DOMAIN}"
    for origin in ("https://evil.test", f"http://{DOMAIN}", f"https://{DOMAIN}.evil.test", "null"):
        question = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for answer in (
            web.ask("/items", headers={"Origin": origin}),
            web.ask("/items", "OPTIONS", headers=question),
        ):
            names = [name for name, _ in answer.headers if name.startswith("access-control")]
            assert names == [], origin


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/DOCS", "//docs", "/docs/"])
def test_WEB_10_the_apis_documentation_is_closed(box: Host, web: Server, path: str) -> None:
    answer = web.ask(path)
    assert answer.status == 404
    assert logged(box, answer.header("x-request-id"))[0]["upstream"] == ""
