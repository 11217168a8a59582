"""Whether web processes answer, each asked over its own socket."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

BETWEEN = 0.2  # seconds between a good answer and the next question to the same process
SOON = 0.05  # the same for one that has not answered: what begins to is to be seen at once
HOPE = 0.5  # seconds between two looks for those that are hopeless, which cost more
SHOWN = 300  # characters of an answer that are shown


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path: Path, health: Mapping[str, Any]) -> str:
    """Ask the process on the socket `path` once. Empty when healthy, else the reason."""
    connection = _UnixConnection(path, health["timeout"])
    try:
        status, body = _get(connection, health)
    except socket.timeout:  # noqa: UP041 - the same as TimeoutError only from Python 3.10 on
        return f"{health['path']} was not answered in {health['timeout']} s"
    except FileNotFoundError:
        return "it has not made its socket"
    except ConnectionRefusedError:
        return "nothing listens on its socket"
    except (OSError, http.client.HTTPException) as error:
        return f"{health['path']}: {error or type(error).__name__}"
    finally:
        connection.close()
    said = f"{health['path']} answered {status}: {body.strip()[:SHOWN]}"
    if status != health["status"]:
        return f"{said} (wanted {health['status']})"
    return "" if health["contains"] in body else f"{said} (wanted {health['contains']!r} in it)"


def ask_all(sockets: Mapping[str, Path], health: Mapping[str, Any]) -> dict[str, str]:
    """Ask all processes at once: one that hangs delays the others' answers no longer than itself.
    The reasons by name, empty for the healthy."""
    with ThreadPoolExecutor(max(len(sockets), 1)) as pool:
        answers = pool.map(lambda path: ask(path, health), sockets.values())
        return dict(zip(sockets, answers))  # noqa: B905 - Python 3.9


def _get(connection: http.client.HTTPConnection, health: Mapping[str, Any]) -> tuple[int, str]:
    # As through Nginx: a redirect to HTTPS or an unknown host would say nothing about health.
    headers = {"Host": health["host"], "X-Forwarded-Proto": "https", "User-Agent": "readyhost"}
    connection.request("GET", health["path"], headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read(65536).decode(errors="replace")


def wait(
    sockets: Mapping[str, Path],
    health: Mapping[str, Any],
    hopeless: Callable[[], Mapping[str, str]] = dict,
) -> dict[str, str]:
    """Wait until each socket has answered well `successes` times in a row.

    Empty when all have; else the reason by name, after `deadline` seconds, or as soon as
    `hopeless` gives one for any of them.
    """
    row = dict.fromkeys(sockets, 0)
    due = dict.fromkeys(sockets, 0.0)
    reasons: dict[str, str] = {}
    end = time.monotonic() + health["deadline"]
    doubt = 0.0
    while True:
        for name, path in sockets.items():
            if row[name] >= health["successes"] or time.monotonic() < due[name]:
                continue
            reasons[name] = ask(path, health)
            row[name] = 0 if reasons[name] else row[name] + 1
            due[name] = time.monotonic() + (SOON if reasons[name] else BETWEEN)
        if all(count >= health["successes"] for count in row.values()):
            return {}
        lost, late = {}, time.monotonic() > end
        if late or time.monotonic() > doubt:
            lost = {name: reason for name, reason in hopeless().items() if reason}
            doubt = time.monotonic() + HOPE
        if lost or late:
            waiting = {n: r or "too few answers in a row" for n, r in reasons.items()}
            slow = {n: waiting[n] for n in sockets if row[n] < health["successes"]}
            return {**slow, **{n: f"{r}; {slow.get(n, '')}".strip("; ") for n, r in lost.items()}}
        time.sleep(SOON)
