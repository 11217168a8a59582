"""A server that makes three processes itself, as nobody has been told; one leaks when it is asked
to, or with LEAKS set once at the first page."""

import http.server
import os
import socket
import socketserver

import leaks


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = leaks.app({"PATH_INFO": self.path}, lambda *_: None)[0]
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET

    def address_string(self):
        return "nginx"


def serve(listening):
    server = socketserver.ThreadingUnixStreamServer(os.environ["SOCKET"], Handler, False)
    server.socket = listening
    server.serve_forever()


listening = socket.socket(socket.AF_UNIX)
listening.bind(os.environ["SOCKET"])
listening.listen(64)
children = 0
while True:
    while children < 3:
        if not os.fork():
            serve(listening)
        children += 1
    os.wait()
    children -= 1
