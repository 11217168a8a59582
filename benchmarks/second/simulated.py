"""Hosts that answer as one box did: SSH servers on addresses of this machine, any number of them.

What a run asks is asked of the box once. From then on each of them says what the box has said, in
the time that it took: what is measured is the operator's machine, not how many boxes this one bears.
"""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import paramiko

from vagrant.driver import Box

KINDS = {"/run/readyhost/run.lock": "lock", "/etc/os-release": "machine", "-- answer ": "survey"}
READY = b"ready\n"
FIRST = 2
"""The second part of 127.0.N.1: addresses that nobody else listens on."""


@dataclass
class Said:
    """What the box has printed, and in how many seconds."""

    output: bytes
    seconds: float


@dataclass
class Memory:
    """What `machine` has said to each kind of question."""

    machine: Box
    known: dict[str, Said] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, command: str) -> tuple[str, bytes]:
        """The kind of a question, and its answer after the box's time."""
        kind = next((kind for text, kind in KINDS.items() if text in command), command)
        with self.lock:
            new = kind not in self.known
            if new:
                self.known[kind] = self._asked(command)
        if not new:
            time.sleep(self.known[kind].seconds)
        return kind, self.known[kind].output

    def _asked(self, command: str) -> Said:
        begin = time.monotonic()
        ssh = [*self.machine._ssh(), command]
        done = subprocess.run(ssh, check=False, stdin=subprocess.DEVNULL, capture_output=True)
        return Said(done.stdout, time.monotonic() - begin)


class _Host(paramiko.ServerInterface):
    """Lets everybody in: it has nothing."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return paramiko.AUTH_SUCCESSFUL

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        threading.Thread(target=self._run, args=(channel, command.decode()), daemon=True).start()
        return True

    def _run(self, channel: paramiko.Channel, command: str) -> None:
        with suppress(OSError, EOFError, paramiko.SSHException):
            kind, output = self._memory.answer(command)
            channel.sendall(output)
            while kind == "lock" and channel.recv(1024):
                pass  # held until the run ends
            channel.send_exit_status(0)
            channel.close()


@contextmanager
def hosts(memory: Memory, number: int, port: int) -> Iterator[list[str]]:
    """Addresses of so many hosts that answer from `memory`."""
    addresses = [f"127.0.{FIRST}.{each + 1}" for each in range(number)]
    key = paramiko.ECDSAKey.generate()
    listening = [socket.create_server((address, port), backlog=64) for address in addresses]
    for server in listening:
        threading.Thread(target=_serve, args=(server, memory, key), daemon=True).start()
    try:
        yield addresses
    finally:
        for server in listening:
            server.close()


def _serve(server: socket.socket, memory: Memory, key: paramiko.PKey) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        transport = paramiko.Transport(connection)
        transport.add_server_key(key)
        with suppress(OSError, EOFError, paramiko.SSHException):
            transport.start_server(event=threading.Event(), server=_Host(memory))
