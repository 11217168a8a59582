"""A stand-in for MongoDB on this machine: it speaks the wire protocol by TLS, logs in by
SCRAM-SHA-256, answers what a client asks before it works, and keeps documents in memory.

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
        command = bson.decode(body[at : at + length])
        if code == OP_MSG:
            command.update(_sequences(body[at + length :]))
        answer = bson.encode(self._answer(command))
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
        if name in ("insert", "find"):
            return self._kept(name, command)
        return {**known.get(name, {}), "ok": float(name in known)}

    def _kept(self, name: str, command: dict[str, Any]) -> dict[str, Any]:
        """Documents by collection, found by equal values."""
        kept = self.server.kept.setdefault(command[name], {})
        if name == "insert":
            twice = [i for i, one in enumerate(command["documents"]) if one["_id"] in kept]
            errors = [{"index": i, "code": 11000, "errmsg": "duplicate key"} for i in twice]
            kept.update((one["_id"], one) for one in command["documents"] if one["_id"] not in kept)
            count = len(command["documents"]) - len(twice)
            return {"ok": 1.0, "n": count, **({"writeErrors": errors} if errors else {})}
        wanted = command.get("filter", {}).items()
        found = [one for one in reversed(kept.values()) if wanted <= one.items()]
        where = f"{command['$db']}.{command[name]}"
        batch = found[: command.get("limit") or None]
        return {"ok": 1.0, "cursor": {"id": bson.Int64(0), "ns": where, "firstBatch": batch}}

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


def _sequences(rest: bytes) -> dict[str, Any]:
    """Documents that follow a command (sections of kind 1), by their argument's name."""
    found = {}
    while len(rest) > 4 and rest[0] == 1:  # four bytes may be a checksum
        size = struct.unpack_from("<i", rest, 1)[0]
        name, _, documents = rest[5 : 1 + size].partition(b"\0")
        found[name.decode()] = bson.decode_all(documents)
        rest = rest[1 + size :]
    return found


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
        self.kept: dict[str, dict[Any, dict[str, Any]]] = {}
        super().__init__((address, 0), _Connection)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(socket.socket.getsockname(self.socket)[1])
