"""The page of what was measured, and Prometheus' own through SSH; ssh is a stand-in that runs the
command here."""

from __future__ import annotations

import http.server
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from readyhost import ssh, tunnel
from readyhost.dashboard import asking, grafana
from readyhost.dashboard.asking import Series
from readyhost.dashboard.command import made, marks
from readyhost.dashboard.page import page
from readyhost.dashboard.panels import PANELS
from readyhost.dashboard.ranges import RANGES
from readyhost.dashboard.svg import Axes, Drawn, Mark, plot
from readyhost.hosts import Host
from roles.core.errors import OperatorError

HOST = Host("web", "203.0.113.7", "deploy", 2222, "/key", "/known")
HOUR = RANGES[0]
NOW = 1_767_225_600.0


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        values = [[NOW - 60, "1"], [NOW - 30, "NaN"], [NOW, "2"]]
        found = {"metric": {"app": "<b>", "tag": "v1", "unit": "a"}, "values": values}
        self.wfile.write(json.dumps({"data": {"result": [found]}}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def served() -> Iterator[int]:
    """The port of something that answers each question alike."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ssh that is no ssh."""
    program = tmp_path / "ssh"
    program.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    program.chmod(0o755)
    line = ssh.line
    monkeypatch.setattr(ssh, "line", lambda *arguments: [str(program), *line(*arguments)[1:]])


@pytest.mark.usefixtures("here")
def test_the_page_is_made_of_the_answers(served: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PROMETHEUS_PORT", served)
    text = made(HOST, NOW)
    assert text.count("<figure>") == len(PANELS) * len(RANGES)
    assert "Nothing was measured" not in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    # It needs nothing but itself.
    assert not re.search(r"\b(src|href)=|https?://|@import|<script", text)


@pytest.mark.usefixtures("here")
def test_who_has_no_prometheus_is_told_which_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(asking, "PROMETHEUS_PORT", closed.getsockname()[1])
        with pytest.raises(OperatorError, match=r"web: no Prometheus answers.*monitoring\.mode"):
            made(HOST, NOW)


@pytest.mark.parametrize("line", ["", "no JSON", "[]", '{"data": {"result": [{"metric": 1}]}}'])
def test_an_answer_that_is_none_is_nothing_measured(line: str) -> None:
    assert asking.parse(line) == []


def test_a_gap_is_one_and_a_release_is_a_mark() -> None:
    points = ((NOW - 300, 1.0), (NOW - 270, 1.0), (NOW - 90, 2.0), (NOW - 60, 2.0))
    text = plot(
        "T", [Drawn("a", points)], [Mark(NOW - 100, "v2"), Mark(0, "v1")], Axes(HOUR, NOW, "s")
    )
    path = re.search(r'd="([^"]+)"', text)
    assert path is not None
    assert path[1].count("M") == 2
    assert "v2" in text
    assert "v1" not in text


def test_each_release_is_one_mark() -> None:
    series = Series({"app": "shop", "tag": "v1"}, ((1, NOW), (2, NOW), (3, NOW + 60)))
    assert marks([series, series]) == [Mark(NOW, "shop v1"), Mark(NOW + 60, "shop v1")]


def test_without_any_answer_the_page_says_so() -> None:
    text = page("web", {}, [], NOW)
    assert text.count("Nothing was measured.") == len(PANELS) * len(RANGES)


@pytest.mark.usefixtures("here")
def test_the_tunnel_passes_bytes_on(served: int, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        local = free.getsockname()[1]
    threading.Thread(target=tunnel.tunnel, args=(HOST, served, local), daemon=True).start()
    end = time.monotonic() + 10
    while "until Ctrl-C" not in capfd.readouterr().out:
        assert time.monotonic() < end
        time.sleep(0.1)
    with urllib.request.urlopen(f"http://127.0.0.1:{local}/", timeout=10) as answer:
        assert json.loads(answer.read())["data"]["result"][0]["metric"]["tag"] == "v1"
    rebound = urllib.request.Request(f"http://127.0.0.1:{local}/", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(rebound, timeout=10)
    socket.create_connection(("127.0.0.1", local)).close()  # who asks nothing and goes
    time.sleep(2)  # both connections have ended by then
    assert "Exception" not in capfd.readouterr().err


@pytest.mark.usefixtures("here")
def test_SEC_08_a_hosts_words_are_not_shown_as_they_come(
    served: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ssh.line
    hostile = "printf '\\033]0;title\\007\\033[8mhidden\\n' >&2; exit 1"
    monkeypatch.setattr(ssh, "line", lambda host, text, *more: line(host, hostile, *more))
    with pytest.raises(OperatorError) as error:
        tunnel.tunnel(HOST, served, 0)
    with pytest.raises(OperatorError) as other:
        made(HOST, NOW)
    assert "hidden" in str(error.value) and "hidden" in str(other.value)
    shown = "".join((str(error.value), str(other.value), *capfd.readouterr()))
    assert "\x1b" not in shown and "\x07" not in shown


def test_grafanas_file_has_the_same_panels() -> None:
    file = Path(__file__).parents[3] / "examples" / "grafana" / "readyhost.json"
    assert json.loads(file.read_text()) == grafana.document()
