"""Runs on another box: clients of a port that are slow on purpose, each kind as often as said.

`python3 slow.py ADDRESS PORT SECONDS`, with {kind: number} on standard input; readyhost.pem and
readyhost.key are in the working directory. Prints by kind how long the longest was held, seconds,
and what was answered.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import sys
import threading
import time

HEAD = b"GET /node HTTP/1.1\r\nHost: x\r\n"
BODIES = {"body": b"Content-Length: 90000\r\n\r\n", "pieces": b"Transfer-Encoding: chunked\r\n\r\n"}
ADDRESS, PORT, LONGEST = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
ESTABLISHED = 1
FOUND: dict[str, list[tuple[float, str]]] = {}


def tls(*, known: bool) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if known:
        made.load_cert_chain("readyhost.pem", "readyhost.key")
    return made


def hello() -> bytes:
    """What a client says first."""
    out = ssl.MemoryBIO()
    begun = tls(known=False).wrap_bio(ssl.MemoryBIO(), out)
    with contextlib.suppress(ssl.SSLWantReadError):
        begun.do_handshake()
    return out.read()


def begun(kind: str) -> tuple[socket.socket, bytes]:
    """A connection, and what is sent on it byte by byte."""
    door = socket.socket()
    if kind == "reader":
        door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    door.settimeout(30)
    door.connect((ADDRESS, PORT))
    if kind == "silent":
        return door, b""
    if kind == "hello":
        return door, hello()
    made = tls(known=kind != "stranger").wrap_socket(door)
    if kind in BODIES:
        made.sendall(HEAD + BODIES[kind])
        return made, b"1\r\nx\r\n" * 1000
    if kind == "reader":
        made.sendall((HEAD + b"\r\n") * 200)
        return made, b""
    return made, HEAD + b"X-Begun: " + b"a" * 1000


def held(kind: str) -> None:
    try:
        door, rest = begun(kind)
    except OSError as error:
        FOUND[kind].append((0, repr(error)))
        return
    start, said = time.monotonic(), b""
    door.settimeout(1)
    try:
        while time.monotonic() - start < LONGEST:
            if kind == "reader":
                time.sleep(1)
                door.recv(1)
                # What it has got already says nothing of whether there is still somebody.
                if door.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != ESTABLISHED:
                    break
                continue
            try:
                piece = door.recv(4096)
            except TimeoutError:
                door.send(rest[:1])
                rest = rest[1:]
                continue
            if not piece:
                break
            said += piece
    except OSError:
        pass
    FOUND[kind].append((time.monotonic() - start, said[:12].decode(errors="replace")))


def main() -> None:
    wanted = json.load(sys.stdin)
    threads = []
    for kind, number in wanted.items():
        FOUND[kind] = []
        threads += [threading.Thread(target=held, args=(kind,)) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        json.dumps(
            {
                kind: {"held": max(each for each, _ in seen), "said": sorted({s for _, s in seen})}
                for kind, seen in FOUND.items()
            }
        )
    )


main()
