"""What visitors notice of a flood from somebody else's address."""

from __future__ import annotations

import time

from benchmarks.boxes import DOMAIN
from tests.support.client import Server
from tests.support.flood import flood
from tests.support.visitors import network
from tests.support.wrk import Load, wrk
from vagrant.driver import Box

# Visitors that the host carries with ease: it is not their own number that makes them wait. Few who
# ask often: their handshakes are far less than a twentieth of what they wait for.
PATH, USERS, THINK = "/items", 20, 100
KNOWN = "Cookie: visitor=1"
SECONDS = 8
ROUNDS = 5
QUIET, FLOODED = "20 users, quiet", "20 users, flooded from another address"


def flooded(machine: Box) -> dict[str, Load]:
    """The same visitors without the flood and with it, in turn, so that whatever else this machine
    does is in both; of each the run with the median p95."""
    server = Server(DOMAIN, machine.ip)
    runs: dict[str, list[Load]] = {QUIET: [], FLOODED: []}
    with network() as addresses:
        attacker = next(addresses)
        ask(machine)
        for _ in range(ROUNDS):
            runs[QUIET].append(ask(machine))
            with flood(server, attacker):
                time.sleep(0.5)
                runs[FLOODED].append(ask(machine))
        refused = server.ask("/login", "POST", source=attacker).status
    if refused != 429:
        raise RuntimeError(f"it was no flood: one more guess got {refused}")
    return {name: sorted(of, key=p95)[ROUNDS // 2] for name, of in runs.items()}


def p95(load: Load) -> float:
    return load.p95


def ask(machine: Box) -> Load:
    return wrk(machine.ip, DOMAIN, PATH, USERS, SECONDS, think=THINK, headers=(KNOWN,))
