"""Compression of text."""

import gzip
import json

import pytest

from .conftest import Serve, Web


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve()


TEXT = json.dumps([{"id": n, "name": f"item {n}", "price": n * 7 % 100} for n in range(15)])


@pytest.mark.parametrize("kind", ["application/json", "text/html", "application/problem+json"])
def test_text_is_compressed(web: Web, kind: str) -> None:
    answer = web.answer(
        200, f"Content-Type:{kind}", text=TEXT, headers={"Accept-Encoding": "gzip, br"}
    )
    assert answer.header("content-encoding") == "gzip"
    assert gzip.decompress(answer.body).decode() == TEXT
    assert len(answer.body) < 0.3 * len(TEXT)
    assert "Accept-Encoding" in answer.all("vary")


def test_for_a_cdn_too(web: Web) -> None:
    wish = {"Accept-Encoding": "gzip", "Via": "1.1 cdn"}
    answer = web.answer(200, "Content-Type:application/json", text=TEXT, headers=wish)
    assert answer.header("content-encoding") == "gzip"


@pytest.mark.parametrize("kind", ["image/png", "font/woff2", "text/event-stream"])
def test_what_would_gain_nothing_is_not(web: Web, kind: str) -> None:
    answer = web.answer(200, f"Content-Type:{kind}", text=TEXT, headers={"Accept-Encoding": "gzip"})
    assert answer.all("content-encoding") == []


def test_the_application_is_not_asked_to_compress(web: Web) -> None:
    seen = web.ask("/x", headers={"Accept-Encoding": "gzip"}).json()["headers"]
    assert "accept-encoding" not in seen
