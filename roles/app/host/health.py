"""Whether web processes answer, each asked over its own socket."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import stat
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

BETWEEN = 0.2  # seconds between a good answer and the next question to the same process
SOON = 0.05  # the same for one that has not answered: what begins to is to be seen at once
LOOK = 0.5  # seconds between two looks for those that are unrecoverable, which cost more
NONE: dict[str, dict[str, Any]] = {}
SHOWN = 300  # characters of an answer that are shown


class _Bounded(socket.socket):
    """Nothing is read from it after `end`: who answers byte by byte keeps nobody waiting."""

    end = 0.0

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        left = self.end - time.monotonic()
        if left <= 0:
            raise socket.timeout  # noqa: UP041 - as below
        self.settimeout(left)
        return super().recv_into(*arguments, **options)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket; timeout: seconds for all of it."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)
        self.seconds = timeout

    def connect(self) -> None:
        self.sock = sock = _Bounded(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(self.seconds)
        sock.end = time.monotonic() + self.seconds
        # The folder is the application's: a link there would lead root to a socket of others.
        place = os.open(self.path, os.O_PATH | os.O_NOFOLLOW)
        try:
            if stat.S_ISLNK(os.fstat(place).st_mode):
                raise OSError(errno.ELOOP, "a link is in the place of its socket")
            sock.connect(f"/proc/self/fd/{place}")
        finally:
            os.close(place)


def ask(path: Path, health: Mapping[str, Any]) -> str:
    """Ask the process on the socket `path` once. Empty when healthy, else the reason."""
    connection = UnixConnection(path, health["timeout"])
    try:
        status, body, onward = _get(connection, health)
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
    return _unfit(status, body, onward, health)


def _unfit(status: int, body: str, onward: str, health: Mapping[str, Any]) -> str:
    """Why an answer is no healthy one; empty when it is."""
    said = f"{health['path']} answered {status}{onward and f' to {onward[:SHOWN]}'}"
    shown, own = body.strip()[:SHOWN], health.get("setting", "app.health")
    if status != health["status"]:
        wanted = f"wanted {health['status']}; {own}.path and {own}.status say what is"
        return f"{said} ({wanted}): {shown}"
    if health["contains"] not in body:
        return f"{said} (wanted {health['contains']!r} in it; {own}.contains): {shown}"
    return ""


def reached(reason: str, health: Mapping[str, Any]) -> bool:
    """Whether something took the question that ended in `reason`: it listens where it is asked."""
    return any(f"{health['path']} {what}" in reason for what in ("answered", "was not answered"))


def ask_all(
    sockets: Mapping[str, Path],
    health: Mapping[str, Any],
    each: Mapping[str, Mapping[str, Any]] = NONE,
) -> dict[str, str]:
    """Ask all processes at once: one that hangs delays the others' answers no longer than itself.
    The reasons by name, empty for the healthy. each: how some are asked otherwise."""
    # Here and not above: each run asks for the state, which needs none of it.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max(len(sockets), 1)) as pool:
        answers = pool.map(lambda n: ask(sockets[n], each.get(n, health)), sockets)
        return dict(zip(sockets, answers, strict=True))


def _get(connection: http.client.HTTPConnection, health: Mapping[str, Any]) -> tuple[int, str, str]:
    # As through Nginx: a redirect to HTTPS or an unknown host would say nothing about health.
    headers = {"Host": health["host"], "X-Forwarded-Proto": "https", "User-Agent": "readyhost"}
    connection.request("GET", health["path"], headers=headers)
    answer = connection.getresponse()
    body = answer.read(65536).decode(errors="replace")
    return answer.status, body, answer.getheader("Location", "")


def wait(
    sockets: Mapping[str, Path],
    health: Mapping[str, Any],
    unrecoverable: Callable[[], Mapping[str, str]] = dict,
    each: Mapping[str, Mapping[str, Any]] = NONE,
) -> dict[str, str]:
    """Wait until each socket has answered well `successes` times in a row.

    Empty when all have; else the reason by name, after `deadline` seconds, or as soon as
    `unrecoverable` gives one for any of them.
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
            reasons[name] = ask(path, each.get(name, health))
            row[name] = 0 if reasons[name] else row[name] + 1
            due[name] = time.monotonic() + (SOON if reasons[name] else BETWEEN)
        if all(count >= health["successes"] for count in row.values()):
            return {}
        lost, late = {}, time.monotonic() > end
        if late or time.monotonic() > doubt:
            lost = {name: reason for name, reason in unrecoverable().items() if reason}
            doubt = time.monotonic() + LOOK
        if lost or late:
            waiting = {n: r or "too few answers in a row" for n, r in reasons.items()}
            slow = {n: waiting[n] for n in sockets if row[n] < health["successes"]}
            return {**slow, **{n: f"{r}; {slow.get(n, '')}".strip("; ") for n, r in lost.items()}}
        time.sleep(SOON)
