"""The visitors: Locust's users as a process of their own, which ends with whoever started it.

    python -m load.client < told.json

What it sees is a JSON object a line, twice a second; less often where it takes hours.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # at once, whatever waits
    sys.dont_write_bytecode = True  # the scenario stands beside the inventory
    told: dict[str, Any] = json.loads(sys.stdin.readline())
    import locust  # noqa: F401, I001 - it replaces what blocks, and comes before all that would
    import gevent.monkey
    import gevent.socket
    import socket

    from load import bodies, only
    from load.visitors import Visitors

    # In a thread of the system's: greenlets wait for each other.
    gevent.monkey.get_original("_thread", "start_new_thread")(_until_nobody_listens, ())
    only.only(told["names"], told["address"], socket)
    gevent.socket.getaddrinfo = socket.getaddrinfo
    gevent.socket.socket = socket.socket
    bodies.bound()
    Visitors(told, say).run()
    say({"done": True})
    sys.stdout.flush()
    os._exit(0)


def _until_nobody_listens() -> None:
    os.read(0, 1)
    os._exit(1)


def say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"at": time.time(), **what}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
