"""The application while its data is replaced: stopped, then started and asked how it is."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .errors import BackupError
from .process import attempt, run

NGINX = "www-data"
PATIENCE = 90  # seconds that its processes may take to answer
SHOWN = 8


@dataclass
class Stopped:
    """What was running before, of which applications."""

    apps: list[str]
    units: list[str] = field(default_factory=list)


def stop(apps: Sequence[str]) -> Stopped:
    """Stop everything of the applications, their schedules first."""
    stopped = Stopped(list(apps))
    for kind in ("timer", "target"):
        patterns = [pattern for app in apps for pattern in (f"{app}-*.{kind}", f"{app}.{kind}")]
        listed = run(
            [
                *("systemctl", "list-units", "--plain", "--no-legend", "--state=active", "--full"),
                *patterns,
            ]
        )
        stopped.units += [line.split()[0] for line in listed.splitlines() if line.strip()]
    if stopped.units:
        services = [f"{app}-*.service" for app in apps]
        run(["systemctl", "stop", *stopped.units, *services], forgiven=(5,))
    return stopped


def start(stopped: Stopped) -> None:
    """Start what was running, and wait until every web process says that it is well."""
    if not stopped.units:
        return
    run(["systemctl", "start", *reversed(stopped.units)])
    end = time.monotonic() + PATIENCE
    reasons = _all_ill(stopped)
    while reasons:
        if time.monotonic() > end:
            raise BackupError("\n".join(["the application is not well:", *reasons[:SHOWN]]))
        time.sleep(0.5)
        reasons = _all_ill(stopped)


def _all_ill(stopped: Stopped) -> list[str]:
    """Of those that ran: one that was stopped before stays so, and is none the worse."""
    ran = [app for app in stopped.apps if f"{app}.target" in stopped.units]
    return [reason for app in ran or stopped.apps[:1] for reason in _ill(app)]


def _ill(app: str) -> list[str]:
    sockets = sorted(Path(f"/srv/{app}/live/").glob("web-*.sock"))
    try:
        health = json.loads(Path(f"/etc/{app}/next/release.json").read_text())["health"]
    except (OSError, ValueError, KeyError):
        return []
    reasons = [] if sockets else ["none of its web processes listens"]
    for socket in sockets:
        command = ["curl", "-sS", "-m", "5", "--fail", "--unix-socket", str(socket), "-o"]
        headers = ["-H", f"Host: {health['host']}", "-H", "X-Forwarded-Proto: https"]
        # As who asks them for visitors: by a link there the application could lead root elsewhere.
        url = f"http://localhost{health['path']}"
        done = attempt([*command, "/dev/null", *headers, url], user=NGINX)
        if done.returncode:
            reasons.append(f"{socket.name}: {done.stderr.strip()}")
    return reasons
