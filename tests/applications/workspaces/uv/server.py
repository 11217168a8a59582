"""Answers what the package of a package beside it says."""

import http.server
import importlib.metadata
import json
import os
import socketserver

import own


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = {each.name: each.version for each in importlib.metadata.distributions()}
        about = {"release": os.environ["RELEASE"], "value": own.VALUE, "from": own.__file__}
        body = json.dumps({**about, "found": found}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "socket"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128


os.umask(0o007)
Server(os.environ["SOCKET"], Handler).serve_forever()
