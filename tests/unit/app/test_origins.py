"""An application's own words for other origins are noticed where Nginx drops them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from roles.app.host.origins import dropped

HEALTH = {"path": "/health", "host": "shop.example", "timeout": 5}


@contextmanager
def application(socket: Path, *headers: str) -> Iterator[None]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name in headers:
                self.send_header(name, "*")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_OPTIONS = do_GET

        def address_string(self) -> str:
            return ""

        def log_message(self, *_: object) -> None:
            pass

    with socketserver.UnixStreamServer(str(socket), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_WEB_09_what_nginx_drops_is_said_with_the_settings(tmp_path: Path) -> None:
    own = tmp_path / "cors.conf"
    with application(tmp_path / "web.sock", "access-control-allow-origin"):
        assert dropped(tmp_path / "web.sock", HEALTH, own) == "", "the application answers alone"
        own.touch()
        said = dropped(tmp_path / "web.sock", HEALTH, own)
    assert "Access-Control-Allow-Origin" in said
    assert "nginx.cors_origins" in said
    assert 'nginx.cors = "application"' in said


def test_WEB_09_nothing_is_said_of_one_that_says_nothing(tmp_path: Path) -> None:
    (own := tmp_path / "cors.conf").touch()
    with application(tmp_path / "web.sock", "content-type"):
        assert dropped(tmp_path / "web.sock", HEALTH, own) == ""
    assert dropped(tmp_path / "none.sock", HEALTH, own) == ""
