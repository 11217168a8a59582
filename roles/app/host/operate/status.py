"""status: what an operator looks at first, on one screen."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import health, listing, slots, systemd
from ..definition import Definition
from ..layout import Layout
from . import jobs
from .lines import printable

SERVICES = ("nginx", "pgbouncer", "redis-server", "fail2ban")
CLUSTERS = "postgresql@*.service"
BACKUPS = Path("/var/lib/readyhost/backup/last.json")
MAINTAINED = Path("/var/lib/readyhost/maintained/words")
COPIES = Path("/etc/backup/backup.json")
MEMORY = Path("/proc/meminfo")
RELEASES = 5
MIB = 2**20


def screen(layout: Layout) -> str:
    """The whole screen: the host, its services, releases, processes, jobs, backups, and
    whether it is maintained."""
    slot = slots.live(layout)
    release = slots.started(layout, slot)
    parts = [_host(layout), _services(), _releases(layout)]
    if slot and release:
        parts += [_processes(layout, slot, release), jobs.table(release)]
    copies = "\n".join((_backups(), f"copies     {_copies()}"))
    return "\n\n".join(part for part in [*parts, copies, _maintained()] if part)


def _host(layout: Layout) -> str:
    rows = (line.split() for line in MEMORY.read_text().splitlines())
    memory = {row[0]: int(row[1]) // 1024 for row in rows}
    disk = shutil.disk_usage(layout.home)
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    return (
        f"{os.uname().nodename}, {layout.name}: load {load} on {os.cpu_count()} cores,"
        f" memory {memory['MemAvailable:']} of {memory['MemTotal:']} MiB free,"
        f" disk {disk.free // 2**30} of {disk.total // 2**30} GiB free"
    )


def _services() -> str:
    units = [*systemd.listed(CLUSTERS), *(f"{name}.service" for name in SERVICES)]
    shown = systemd.show(units, "ActiveState", "LoadState")
    states = {
        unit[: -len(".service")]: v.get("ActiveState", "?")
        for unit, v in shown.items()
        if v.get("LoadState") != "not-found"  # its service is elsewhere
    }
    return "services   " + "  ".join(f"{name} {state}" for name, state in states.items())


def _releases(layout: Layout) -> str:
    rows = listing.releases(layout)
    more = f"\n{len(rows) - RELEASES} more: {layout.name}-release list" if rows[RELEASES:] else ""
    return listing.table([{k: printable(v) for k, v in r.items()} for r in rows[:RELEASES]]) + more


def _processes(layout: Layout, slot: str, release: Definition) -> str:
    if not release.processes["web"]:
        return f"files      served by Nginx, of {release.tag}: nothing of {layout.name} runs"
    asked = dict(zip(release.web(layout, slot), release.sockets(layout, slot), strict=True))
    answers = health.ask_all(asked, release.health, release.each(layout, slot))
    units = [*asked, *release.workers(layout, slot)]
    shown = systemd.show(
        units, "ActiveState", "NRestarts", "MemoryCurrent", "MemoryMax", "ActiveEnterTimestamp"
    )
    rows = []
    for unit in units:
        values, answer = shown[unit], printable(answers.get(unit, ""))
        rows.append(
            {
                "process": unit.replace(f"-{slot}@", "@").replace(".service", ""),
                "state": values.get("ActiveState", "?"),
                "since": values.get("ActiveEnterTimestamp", "") or "-",
                "restarts": values.get("NRestarts", "?"),
                "memory": f"{_mib(values, 'MemoryCurrent')} of {_mib(values, 'MemoryMax')} MiB",
                "health": (answer or "answers") if unit in asked else "-",
            }
        )
    return listing.table(rows)


def _backups() -> str:
    try:
        last: dict[str, dict[str, Any]] = json.loads(BACKUPS.read_text())
    except (OSError, ValueError):
        return "backups    none yet"
    return "\n".join(f"backup     {line}" for line in _jobs_of(last))


def _copies() -> str:
    """Where backups are beside this host."""
    try:
        return printable(json.loads(COPIES.read_text())["elsewhere"])
    except (OSError, ValueError, KeyError):
        return "unknown: run deploy.py"


def _jobs_of(last: dict[str, dict[str, Any]]) -> Iterator[str]:
    for job, run in last.items():
        success = run.get("success")
        good = f"last good {_ago(time.time() - success)} ago" if success else "never good"
        failed = "" if run.get("outcome") == "ok" else f"; the last run: {run.get('outcome')}"
        yield printable(f"{job}: {good}{failed} {run.get('message', '')}".strip())


def _maintained() -> str:
    """What the last look at what runs here found."""
    try:
        wrong = MAINTAINED.read_text().strip()
    except OSError:
        return "maintained nobody has looked yet"
    return f"maintained {printable(wrong) or 'yes'}"


def _mib(values: dict[str, str], name: str) -> str:
    value = values.get(name, "")
    return str(int(value) // MIB) if value.isdigit() else "?"


def _ago(seconds: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
