#!/usr/bin/python3
"""Propose limits by path from this host's own access log.

    readyhost-limits [FILE...]    by default Nginx's access log and the one before it

For each path: how often it was asked, how often one client asked in its busiest minute, how many
were refused, and lines for [[nginx.limits.paths]] where a general limit is too narrow.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LOGS = ("/var/log/nginx/access.log.1", "/var/log/nginx/access.log")
GENERAL = 60  # requests a minute, where the settings say nothing else
ROOM = 2  # times what was seen
FEW = 20  # requests; of fewer nothing is proposed
BROWSERS = 5  # of as many kinds behind one address: it is a proxy
VARIABLE = re.compile(r"[0-9]|^.{25,}$")


def place(path: str) -> str:
    """The path's first two names; one that looks like an identifier ends it."""
    found = []
    for name in path.split("/")[1:3]:
        if not re.fullmatch(r"[A-Za-z0-9_.~-]+", name):
            break
        if VARIABLE.search(name) and not re.fullmatch(r"v[0-9]+", name):
            break
        found.append(name)
    return "/" + "/".join(found)


def entries(files: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Requests that reached the application, or were refused on the way to it."""
    for name in files:
        if not Path(name).exists():
            continue
        with Path(name).open(encoding="utf-8", errors="replace") as log:
            for line in log:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if entry.get("upstream") or entry.get("status") == 429:
                    yield entry


def counted(
    found: Iterable[dict[str, Any]],
) -> tuple[Counter[str], Counter[str], Counter[str], list[str]]:
    """By place: requests, refused ones, and the most of one client in a minute."""
    asked: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    minutes: Counter[tuple[str, str, str]] = Counter()
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for entry in found:
        where = place(entry["path"])
        asked[where] += 1
        refused[where] += entry["status"] == 429
        minutes[where, entry["client"], entry["time"][:16]] += 1
        if entry.get("through"):
            kinds[entry["client"]].add(entry["agent"])
    most: Counter[str] = Counter()
    for (where, _, _), count in minutes.items():
        most[where] = max(most[where], count)
    proxies = sorted(client for client, agents in kinds.items() if len(agents) >= BROWSERS)
    return asked, refused, most, proxies


def main(files: list[str]) -> None:
    asked, refused, most, proxies = counted(entries(files or LOGS))
    if not asked:
        print("nobody has asked the application yet")
        return
    print(
        f"{'requests':>9} {'refused':>8} {'a minute':>9}  path (a minute: the most of one client)"
    )
    for where, count in asked.most_common(30):
        print(f"{count:>9} {refused[where]:>8} {most[where]:>9}  {where}")
    narrow = [
        where
        for where, count in asked.most_common(30)
        if where != "/" and count >= FEW and refused[where] and most[where] > GENERAL
    ]
    if narrow:
        print("\nOne client asked these more often than the general limit allows. If that is a")
        print("client that you want, for the environment's NAME.toml:")
    for where in narrow:
        print(f'\n[[nginx.limits.paths]]\npath = "{where}"\nrate_per_minute = {ROOM * most[where]}')
    for client in proxies:
        print(
            f"\nMany clients come through {client}: if that is your CDN or balancer, its networks"
            " are missing in nginx.trusted_proxies, and all of them are limited as one."
        )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except PermissionError as error:
        sys.exit(f"readyhost-limits: {error.filename} is root's and the log's readers': use sudo")
