"""Text is compressed."""

from __future__ import annotations

import json

from tests.support.client import Server


def test_WEB_03_text_loses_70_percent(web: Server) -> None:
    for count in range(30):
        item = {"name": f"Item {count}", "description": "What it is, and what it is good for."}
        kind = {"Content-Type": "application/json"}
        answer = web.ask("/items", "POST", headers=kind, body=json.dumps(item).encode())
        assert answer.status == 201
    for path in ("/items?cache=no", "/"):
        plain = web.ask(path)
        small = web.ask(path, headers={"Accept-Encoding": "gzip"})
        assert small.header("content-encoding") == "gzip"
        assert "Accept-Encoding" in small.all("vary")
        saved = 1 - len(small.body) / len(plain.body)
        assert saved >= 0.7, f"{path}: {saved:.0%}"
