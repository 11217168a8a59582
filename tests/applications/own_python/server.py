"""Says which Python it runs on, and where that is."""

import http.server
import os
import socketserver
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"{sys.version.split()[0]} {sys.base_prefix} {ssl.OPENSSL_VERSION}".encode()
        self.send_response(200)
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
