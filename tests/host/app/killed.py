"""Runs on a box, as root: kills the processes of the units that are named, in turn. Prints as JSON,
by unit, the seconds until another process answers (a web process, on its own socket) or runs, and
how many of them that process stood ready while others had the CPU.

Standard library of Python 3.10 only.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

LONGEST = 20  # seconds
WEB = re.compile(r"(.+)-web-(blue|green)@(\d+)\.service")


def main_process(unit: str) -> int:
    """The main process of a unit, 0 for none."""
    shown = ["systemctl", "show", "--property=MainPID", "--value", unit]
    return int(subprocess.run(shown, check=True, capture_output=True).stdout)


def answering(path: str) -> int:
    """The process that answers on the socket `path`, 0 for none."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(path)
            client.sendall(b"GET /version HTTP/1.0\r\nHost: x\r\n\r\n")
            said = b"".join(iter(lambda: client.recv(65536), b""))
            return int(json.loads(said.split(b"\r\n\r\n", 1)[1])["pid"])
        except (OSError, ValueError, IndexError):
            return 0


def kill(unit: str) -> tuple[float, float]:
    """Seconds until `unit` was back, and those that its new process waited for a CPU."""
    web, before = WEB.fullmatch(unit), main_process(unit)
    begin = time.monotonic()
    os.kill(before, signal.SIGKILL)
    while True:
        if web:
            name, slot, instance = web.groups()
            now = answering(f"/run/{name}/{slot}/web-{instance}.sock")
        else:
            now = main_process(unit)
        took = time.monotonic() - begin
        if now not in (0, before):
            waited = Path(f"/proc/{now}/schedstat").read_text().split()[1]  # nanoseconds
            return took, int(waited) / 1e9
        if took > LONGEST:
            return took, 0.0
        time.sleep(0.02)


print(json.dumps({unit: kill(unit) for unit in sys.argv[1:]}))
