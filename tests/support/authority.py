"""A certificate authority on this machine: Caddy's ACME server, and in front of it a proxy that
knows what it was asked, and can say what Caddy never says: a rate limit, and when to renew."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .caddy import program
from .server import started
from .storage import ADDRESS, certificate, free

PROBLEM = "urn:ietf:params:acme:error:rateLimited"
HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}


@dataclass
class Authority:
    """A running authority. Names that are proved by a file have to be in `names`, with their
    address, others in the zone that `resolver` has, the address of a name server.

    limited: new orders are refused for a rate limit. window: when certificates should be renewed
    (start, end), said to who asks (ARI); None: the authority does not know of such questions.
    """

    folder: Path
    names: dict[str, str]
    resolver: str = "127.0.0.1"
    limited: bool = False
    window: tuple[datetime, datetime] | None = None
    asked: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start Caddy and the proxy. Caddy sees an /etc/hosts and a resolv.conf of its own, so
        that boxes do not meet."""
        self.folder.mkdir(exist_ok=True)
        certificate(self.folder)
        self.behind, self.port = free("127.0.0.1"), free(ADDRESS)
        known = "".join(f"{address} {name}\n" for name, address in self.names.items())
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost\n{known}")
        (self.folder / "caddy.json").write_text(json.dumps(self._configuration()))
        (self.folder / "resolv.conf").write_text(f"nameserver {self.resolver}\n")
        script = (
            'mount --bind "$1/hosts" /etc/hosts && mount --bind "$1/resolv.conf" /etc/resolv.conf'
            ' && export XDG_DATA_HOME="$1/data" &&'
            ' exec "$2" run --config "$1/caddy.json"'
        )
        alone = ("unshare", "--mount", "sh", "-c", script)
        self.caddy = started(self.folder, *alone, "sh", str(self.folder), program())
        self._wait()
        self.serve()

    def _configuration(self) -> dict[str, object]:
        server = {
            "listen": [f"127.0.0.1:{self.behind}"],
            "routes": [{"handle": [{"handler": "acme_server"}]}],
            "automatic_https": {"disable": True},
        }
        return {
            "admin": {"disabled": True},
            "apps": {
                "http": {"servers": {"acme": server}},
                "pki": {"certificate_authorities": {"local": {"install_trust": False}}},
            },
        }

    def _wait(self) -> None:
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.behind), 5).close()
                return
            except OSError:
                assert self.caddy.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < end, "Caddy does not answer"
                time.sleep(0.1)

    def serve(self) -> None:
        """Let the proxy answer, again after `close`."""
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(self.folder / "s3.pem", self.folder / "s3.key")
        self.proxy = ThreadingHTTPServer((ADDRESS, self.port), _handler(self))
        self.proxy.socket = trust.wrap_socket(self.proxy.socket, server_side=True)
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Be away: connections are refused."""
        self.proxy.shutdown()
        self.proxy.server_close()

    def stop(self) -> None:
        self.close()
        self.caddy.terminate()
        self.caddy.wait(10)

    @property
    def orders(self) -> int:
        """How many certificates were asked for."""
        return self.asked.count("POST /acme/local/new-order")

    @property
    def root(self) -> str:
        """What the issued certificates are trusted by, PEM."""
        return (self.folder / "data/caddy/pki/authorities/local/root.crt").read_text()

    def values(self) -> dict[str, str]:
        """Settings of a box that asks here."""
        prefix = "READYHOST_TLS__ACME__"
        return {
            "READYHOST_TLS__CERTIFICATE": "acme",
            f"{prefix}DIRECTORY": f"https://{ADDRESS}:{self.port}/acme/local/directory",
            f"{prefix}CA_FILE": str(self.folder / "ca.pem"),
            # its certificates live for twelve hours
            f"{prefix}RENEW_HOURS": "2",
        }

    def renew_now(self) -> None:
        """Say that certificates should have been renewed an hour ago."""
        now = datetime.now(timezone.utc)
        self.window = now - timedelta(hours=2), now - timedelta(hours=1)


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            authority.asked.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            behind = http.client.HTTPConnection("127.0.0.1", authority.behind, timeout=60)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            with closing(behind):
                if self.path.startswith("/ari/"):
                    self._window()
                elif authority.limited and self.path.endswith("/new-order"):
                    # a real nonce, for what the client asks next
                    behind.request("HEAD", "/acme/local/new-nonce", headers=headers)
                    self._limit(behind.getresponse().headers["Replay-Nonce"])
                else:
                    behind.request(self.command, self.path, body, headers)
                    self._answered(behind.getresponse())

        def _answered(self, answer: http.client.HTTPResponse) -> None:
            content = answer.read()
            if self.path.endswith("/directory") and authority.window:
                host = self.headers["Host"]
                known = {**json.loads(content), "renewalInfo": f"https://{host}/ari"}
                content = json.dumps(known).encode()
            self._answer(answer.status, dict(answer.getheaders()), content)

        def _limit(self, nonce: str) -> None:
            detail = (
                "too many certificates (5) already issued for this exact set of identifiers in the"
                " last 168h0m0s, retry after 2026-12-01 00:00:00 UTC"
            )
            problem = {"type": PROBLEM, "status": 429, "detail": detail}
            headers = {
                "Replay-Nonce": nonce,
                "Retry-After": "600",
                "Content-Type": "application/problem+json",
            }
            self._answer(429, headers, json.dumps(problem).encode())

        def _window(self) -> None:
            assert authority.window
            start, end = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in authority.window)
            said = {"suggestedWindow": {"start": start, "end": end}}
            headers = {"Content-Type": "application/json", "Retry-After": "21600"}
            self._answer(200, headers, json.dumps(said).encode())

        def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = _pass_on

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler
