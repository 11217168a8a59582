"""REL: what is live, and what has been."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from ..outcome import Finding, either, false, true, unknown, unwanted
from .look import Look

if TYPE_CHECKING:
    from settings import Settings


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about releases."""
    app = settings.app
    release, record = f"/usr/local/sbin/{app.name}-release", f"/srv/{app.name}/releases.jsonl"
    return [
        Look("REL-01", f"{release} list --json", _live),
        Look(
            "REL-02",
            f"tail -n 1 {record}; systemctl is-active {app.name}-watchdog.service || :",
            lambda said: _watched(said, app.watch.seconds),
        ),
        Look("REL-03", f"{release} rollback --plan 2>&1 || :", _back),
        Look("REL-04", f"tail -n 1 {record}", _record),
        Look("REL-06", f"{release} verify 2>&1 || echo differs", _verified),
        Look(
            "REL-08",
            f"/usr/local/sbin/{app.name}-command run -- grep NoNewPrivs /proc/self/status 2>&1",
            _command,
        ),
        Look(
            "REL-09",
            "for each in /run/readyhost; do [ -d $each ] && stat -c '%a %U' $each; done",
            _lock,
        ),
    ]


def _live(said: list[str]) -> Finding:
    rows = json.loads(said[-1])
    live = [row for row in rows if row["state"].split(",")[0] == "live"]
    if not live:
        return false("no release is live")
    tag, state = live[0]["tag"], live[0]["state"]
    # What was changed since it was built is REL-06's.
    if state not in ("live", "live, damaged"):
        return false(f"{tag}: {state}")
    return true(f"{tag} is live, by {live[0]['who']}", _moment(live[0]["when"]))


def _moment(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()


def _watched(said: list[str], seconds: int) -> Finding:
    entry = json.loads(said[0])
    if said[-1] != "active":
        return false("nobody looks after live processes: the watchdog does not run")
    if not seconds:
        return unwanted("app.watch.seconds is 0: releases are not watched")
    outcome = entry["outcome"]
    return either(outcome == "live", f"the last release, {entry['tag']}: {outcome}")


def _back(said: list[str]) -> Finding:
    if "there is nothing to go back to" in said[-1]:
        return unknown(said[-1])
    target = json.loads(said[-1])
    good = target["built"] is True
    return either(good, f"{target['tag']} is ready", f"{target['tag']} would have to be built")


def _record(said: list[str]) -> Finding:
    entry = json.loads(said[-1])
    if not entry.get("who") or not entry.get("tag"):
        return false("the record does not say who and what")
    words = f"{entry['tag']} by {entry['who']}: {entry['outcome']}"
    if "seconds" in entry:  # one that failed before its switch took none
        words += f" after {entry['seconds']} s"
    return true(words, _moment(entry["when"]))


def _verified(said: list[str]) -> Finding:
    if said[-1] == "differs":
        return false(said[0])
    if not said[-1].endswith("as they were built"):
        raise ValueError(said)
    return true(said[-1])


def _command(said: list[str]) -> Finding:
    line = next(each for each in said if each.startswith("NoNewPrivs:"))
    return either(line.split()[1] == "1", "commands run in the application's sandbox")


def _lock(said: list[str]) -> Finding:
    mode, owner = said[0].split()
    good = owner == "root" and not int(mode, 8) & 0o022
    return either(good, "the lock is root's alone", f"others may hold the lock: {said[0]}")
