"""readyhost ENV prometheus: Prometheus' own page, on this machine, over SSH.

Not by SSH's own forwarding, which hosts need not allow (sshd.tcp_forwarding): each connection is a
command on the host that passes bytes on.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import socketserver
import subprocess
import tempfile
import threading
from pathlib import Path

from roles.core.errors import OperatorError

from . import ssh
from .hosts import Host

BLOCK = 65_536
# A page anywhere may have its own name lead to 127.0.0.1, and then read what is here as its own.
OURS = re.compile(rb"(?im)^host: *(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\r$")
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
WAIT = 1.0  # seconds for what still writes to a process that has ended
# What stands on the host between the connection and the port.
RELAY = """
import os, socket, sys, threading
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def up():
    while block := os.read(0, 65536):
        s.sendall(block)
    s.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while block := s.recv(65536):
    os.write(1, block)
"""


def tunnel(host: Host, port: int, local: int) -> int:
    """Serve the host's `port` on 127.0.0.1 until Ctrl-C."""
    line = f"exec python3 -I -c {shlex.quote(RELAY)} {port}"
    with tempfile.TemporaryDirectory(prefix="readyhost-") as folder:
        shared = {"ControlMaster": "auto", "ControlPersist": "10", "ControlPath": f"{folder}/c"}
        command = ssh.line(host, line, shared)
        # What a host says beside the bytes themselves is not for the terminal as it comes. It is a
        # file's: the shared connection would hold a pipe open.
        with Path(folder, "said").open("w+b") as words:
            done = subprocess.run(
                ssh.line(host, "true", shared),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
            )
            words.seek(0)
            said = words.read().decode(errors="replace").strip().rpartition("\n")[2]
        if done.returncode:
            raise OperatorError(f"{host.name}: no connection: {said or 'nothing was said'}")
        try:
            with _Server(("127.0.0.1", local), _handler(command)) as server:
                print(f"http://127.0.0.1:{server.server_address[1]}/ until Ctrl-C", flush=True)
                server.serve_forever()
        except OSError as error:
            raise OperatorError(f"port {local} of this machine: {error.strerror}") from None
        finally:
            if Path(folder, "c").exists():
                subprocess.run(
                    ssh.line(host, "", {**shared, "ControlMaster": "no"}, ("-O", "exit")),
                    check=False,
                    capture_output=True,
                )
    return 0


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _handler(command: list[str]) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            # The first request is enough: a browser has no connection for two names.
            if not OURS.search(head := self._head()):
                with contextlib.suppress(OSError):
                    self.request.sendall(REFUSED if head else b"")
                return
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            up = threading.Thread(target=self._up, args=(process, head), daemon=True)
            up.start()
            with contextlib.suppress(OSError):
                while block := process.stdout.read(BLOCK):  # type: ignore[union-attr]
                    self.request.sendall(block)
            process.kill()
            up.join(WAIT)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

        def _head(self) -> bytes:
            """The bytes of the first request up to its body, and whatever came with them."""
            head = b""
            with contextlib.suppress(OSError):
                while b"\r\n\r\n" not in head and len(head) < BLOCK:
                    if not (block := self.request.recv(BLOCK)):
                        break
                    head += block
            return head

        def _up(self, process: subprocess.Popen[bytes], head: bytes) -> None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(head)  # type: ignore[union-attr]
                while block := self.request.recv(BLOCK):
                    process.stdin.write(block)  # type: ignore[union-attr]
            with contextlib.suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]

    return Handler
