"""Text is compressed."""

from __future__ import annotations

import json

from tests.host.conftest import Host
from tests.host.stages import once
from tests.support.client import Server

PADDED = 8
"""Requests that differ in a header behind. Of one and the same request the distribution's module
sent gzip for minutes, and br as soon as another header stood behind it: what lies behind the value
seems to be read as a part of it. That was seen, and not looked up in its source."""


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


@once
def test_WEB_16_what_a_build_made_with_brotli_is_sent_where_nginx_can(
    box: Host, web: Server, stylesheet: str
) -> None:
    """As it is, and no file from elsewhere by a link in its place."""
    file = f"{box.ssh('readlink -f /srv/*/current')}{stylesheet}.br"
    taking = {"Accept-Encoding": "gzip, br"}
    plain = web.ask(stylesheet).body
    try:
        box.ssh(f"printf made >{file}; chmod 644 {file}")
        answers = [
            web.ask(stylesheet, headers={**taking, "X-Padding": "x" * length})
            for length in range(1, PADDED + 1)
        ]
        made = (each for each in answers if "br" in each.all("content-encoding"))
        answer = next(made, answers[0])
        if box.suite == "jammy":  # whose archive has no module for its Nginx
            # the file itself, which is too small for gzip
            assert (answer.all("content-encoding"), answer.body) == ([], plain)
            return
        assert (answer.header("content-encoding"), answer.body) == ("br", b"made")
        assert "Accept-Encoding" in answer.all("vary")
        assert web.ask(stylesheet, headers={"Accept-Encoding": "br;q=0"}).body == plain
        assert web.ask(stylesheet).body == plain
        box.ssh(f"printf theirs >/tmp/theirs; ln -sf /tmp/theirs {file}; chown -h nobody {file}")
        answer = web.ask(stylesheet, headers=taking)
        assert answer.body != b"theirs"
    finally:
        box.ssh(f"rm -f {file} /tmp/theirs")
