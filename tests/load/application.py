"""An application with a switch: it is well, or leaks memory or descriptors, or slows down.

application.py PORT        the mode is the word in /opt/load/mode-PORT; well without one
"""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT = int(sys.argv[1])
kept: list[object] = []
asked = 0


def mode() -> str:
    try:
        return Path(f"/opt/load/mode-{PORT}").read_text().strip()
    except OSError:
        return "well"


MODE = mode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        global asked
        asked += 1
        if MODE == "memory":
            kept.append(bytearray(b"x" * 200_000))
        if MODE == "descriptors" and asked % 3 == 0:
            kept.append(open("/dev/null"))
        if MODE == "slow":
            time.sleep(min(asked * 0.001, 2))
        body = b"answer"
        self.send_response(500 if self.path == "/bad" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
