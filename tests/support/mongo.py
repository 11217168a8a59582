"""A stand-in for MongoDB on this machine: it speaks the wire protocol by TLS, logs in by
SCRAM-SHA-256, and answers what a client asks before it works. It keeps no documents.

No package index or archive that the tests may use has a MongoDB server.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from pathlib import Path
from typing import Any

import bson
from scramp import ScramException, ScramMechanism  # type: ignore[import-untyped]

OP_MSG, OP_QUERY, OP_REPLY = 2013, 2004, 1
HELLO = {"helloOk": True, "isWritablePrimary": True, "ismaster": True, "maxWireVersion": 21,
         "minWireVersion": 0, "maxBsonObjectSize": 16_777_216, "maxMessageSizeBytes": 48_000_000,
         "maxWriteBatchSize": 100_000, "ok": 1.0}  # fmt: skip


class _Connection(socketserver.BaseRequestHandler):
    server: Stand

    def handle(self) -> None:
        self.scram: Any = None
        self.user = ""
        try:
            stream = self.server.tls.wrap_socket(self.request, server_side=True)
            while True:
                self._one(stream)
        except (OSError, EOFError):
            return

    def _one(self, stream: ssl.SSLSocket) -> None:
        size, request, _, code = struct.unpack("<iiii", _exactly(stream, 16))
        body = _exactly(stream, size - 16)
        at = 5 if code == OP_MSG else body.index(b"\0", 4) + 1 + 8
        length = struct.unpack_from("<i", body, at)[0]
        answer = bson.encode(self._answer(bson.decode(body[at : at + length])))
        if code == OP_MSG:
            said = struct.pack("<iB", 0, 0) + answer
        else:
            said = struct.pack("<iqii", 8, 0, 0, 1) + answer
        reply = OP_MSG if code == OP_MSG else OP_REPLY
        stream.sendall(struct.pack("<iiii", len(said) + 16, 1, request, reply) + said)

    def _answer(self, command: dict[str, Any]) -> dict[str, Any]:
        name = next(iter(command))
        if name in ("hello", "isMaster", "ismaster"):
            return HELLO
        if name in ("saslStart", "saslContinue"):
            return self._login(name, command["payload"])
        if name == "endSessions":
            return {"ok": 1.0}
        if not self.user:
            return {"ok": 0.0, "code": 13, "errmsg": f"command {name} requires authentication"}
        who = {"authenticatedUsers": [{"user": self.user, "db": "admin"}]}
        known: dict[str, dict[str, Any]] = {
            "ping": {},
            "buildInfo": {"version": "7.0.14"},
            "connectionStatus": {"authInfo": who},
        }
        return {**known.get(name, {}), "ok": float(name in known)}

    def _login(self, name: str, payload: bytes) -> dict[str, Any]:
        try:
            if name == "saslStart":
                mechanism = ScramMechanism("SCRAM-SHA-256")
                made = mechanism.make_auth_info(self.server.password, iteration_count=4096)
                self.scram = mechanism.make_server(lambda user: made)
                self.scram.set_client_first(payload.decode())
                said, done = self.scram.get_server_first(), False
            else:
                self.scram.set_client_final(payload.decode())
                said, done, self.user = self.scram.get_server_final(), True, "team"
        except ScramException:
            return {"ok": 0.0, "code": 18, "errmsg": "Authentication failed."}
        return {"ok": 1.0, "conversationId": 1, "done": done, "payload": said.encode()}


def _exactly(stream: ssl.SSLSocket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        if not (more := stream.recv(size - len(found))):
            raise EOFError
        found += more
    return found


class Stand(socketserver.ThreadingTCPServer):
    """Running, with server.pem and server.key of a folder."""

    daemon_threads, allow_reuse_address = True, True

    def __init__(self, address: str, folder: Path, password: str) -> None:
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.password = password
        super().__init__((address, 0), _Connection)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(socket.socket.getsockname(self.socket)[1])
