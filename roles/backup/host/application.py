"""The application while its data is replaced: stopped, then started and asked how it is."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from .errors import BackupError
from .process import attempt, run

NGINX = "www-data"
PATIENCE = 90  # seconds that its processes may take to answer
SHOWN = 8


@dataclass
class Stopped:
    """What was running before."""

    app: str
    units: list[str] = field(default_factory=list)


def stop(app: str) -> Stopped:
    """Stop everything of the application, its schedules first."""
    stopped = Stopped(app)
    for kind in ("timer", "target"):
        listed = run(
            [
                *("systemctl", "list-units", "--plain", "--no-legend", "--state=active", "--full"),
                *(f"{app}-*.{kind}", f"{app}.{kind}"),
            ]
        )
        stopped.units += [line.split()[0] for line in listed.splitlines() if line.strip()]
    if stopped.units:
        run(["systemctl", "stop", *stopped.units, f"{app}-*.service"], forgiven=(5,))
    return stopped


def start(stopped: Stopped) -> None:
    """Start what was running, and wait until every web process says that it is well."""
    if not stopped.units:
        return
    run(["systemctl", "start", *reversed(stopped.units)])
    end = time.monotonic() + PATIENCE
    reasons = _ill(stopped.app)
    while reasons:
        if time.monotonic() > end:
            raise BackupError("\n".join(["the application is not well:", *reasons[:SHOWN]]))
        time.sleep(0.5)
        reasons = _ill(stopped.app)


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
