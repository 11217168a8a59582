"""The host's side: lifts the limits of one address, samples, and ends when nobody listens."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from typing import Any

from load.host import exemption, machine, single
from load.host.access_log import AccessLog
from load.host.services import Pooler, PostgreSQL, Redis
from load.host.units import Units

PATIENCE = 10.0
"""Seconds without a line from the operator after which the connection is taken for lost."""
TICK = 1.0  # seconds; a full disk is noticed so often


def main(wish: dict[str, Any], address: str) -> int:
    """Sample until the operator's lines end. Each line of output is one JSON object."""
    coming: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_listen, args=(coming,), daemon=True).start()
    try:
        exemption.lift(address)
    except exemption.Refused as error:
        say({"refused": str(error)})
        return 1
    sampler = Sampler(wish)
    say(
        {
            "ready": True,
            "now": time.time(),
            "address": address,
            "cores": os.cpu_count(),
            **sampler.facts(),
        }
    )
    heard = due = time.monotonic()
    while True:
        try:
            word = coming.get(timeout=TICK)
        except queue.Empty:
            word = ""
        else:
            heard = time.monotonic()
        if word is None or time.monotonic() - heard > PATIENCE:
            return 0
        if word in ("single", "all"):
            say({word: getattr(single, word)(wish["app"])})
        full = machine.disk()
        if full >= wish["abort_disk"]:
            say({"abort": f"the host's disk is {full:.0f} % full"})
        if time.monotonic() >= due or word == "last":
            due = time.monotonic() + wish["interval"]
            say({"sample": sampler.sample()})
        if word == "last":
            say({"last": True})


def _listen(coming: queue.Queue[str | None]) -> None:
    for line in sys.stdin:
        coming.put(line.strip())
    coming.put(None)


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


class Sampler:
    """All that is looked at; what cannot be is left out, and is no reason to stop."""

    def __init__(self, wish: dict[str, Any]) -> None:
        self.log = AccessLog(wish["log"], wish["agent"])
        self.units = Units(wish["app"])
        self.cpu = machine.Cpu()
        self.parts: dict[str, Any] = {
            "postgres": PostgreSQL(wish["postgres_port"]),
            "pooler": Pooler(wish["pooler_port"]),
            "redis": Redis(wish["redis_socket"]),
        }

    def facts(self) -> dict[str, Any]:
        return {"release": self.units.release()}

    def sample(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "at": time.time(),
            **self.cpu.read(),
            "memory": machine.memory(),
            "disk": machine.disk(),
            "connections": machine.connections(),
            "release": self.units.release(),
            "units": self.units.read(),
            "nginx": self.log.read(),
        }
        for name, part in self.parts.items():
            try:
                found[name] = part.read()
            except (OSError, ValueError, LookupError):
                found[name] = None
        own = os.times()
        found["own_cpu"] = sum(own[:4])  # seconds until now, with what this program started
        return found
