"""PostgreSQL, PgBouncer and Redis, each over one session that stays open: a client that is started
every few seconds would cost more than all else here."""

from __future__ import annotations

import select
import socket
import subprocess
import time
from pathlib import Path

END = "end-of-answer"
PATIENCE = 5.0  # seconds for one answer
OPERATOR = Path("/etc/redis/operator")


class Session:
    """psql that is told what to ask by its standard input."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, query: str) -> list[dict[str, str]]:
        """The rows by their columns. Raises OSError when there is no answer."""
        if self._process is None or self._process.poll() is not None:
            self._process = self._started()
        process = self._process
        assert process.stdin and process.stdout  # noqa: S101 - for the type checker
        process.stdin.write(f"{query};\n\\echo {END}\n".encode())
        process.stdin.flush()
        text, until = b"", time.monotonic() + PATIENCE
        while END.encode() not in text:
            if not select.select([process.stdout], [], [], max(until - time.monotonic(), 0))[0]:
                process.kill()
                raise TimeoutError("no answer")
            if not (more := process.stdout.read1(65_536)):  # type: ignore[attr-defined]
                raise ConnectionError("psql ended")
            text += more
        head, *rows = [line.split("|") for line in text.decode().splitlines() if "|" in line]
        return [dict(zip(head, row, strict=False)) for row in rows]

    def _started(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        pins = "PGOPTIONS=-c search_path=pg_catalog,pg_temp -c statement_timeout=4s"
        words = ["runuser", "-u", "postgres", "--", "env", "-C", "/", *self._pinned(pins)]
        return subprocess.Popen(
            [*words, "psql", "-XAq", "--pset=footer=off", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=quiet,
        )

    def _pinned(self, pins: str) -> list[str]:
        return [] if "pgbouncer" in self._arguments else [pins]


class PostgreSQL:
    """Its connections, of how many."""

    QUERY = (
        "SELECT count(*) AS used, count(*) FILTER (WHERE state = 'active') AS active,"
        " current_setting('max_connections')::int AS most"
        " FROM pg_stat_activity WHERE backend_type = 'client backend'"
    )

    def __init__(self, port: int) -> None:
        self._session = Session("-p", str(port), "-d", "postgres")

    def read(self) -> dict[str, int]:
        return {name: int(value) for name, value in self._session.ask(self.QUERY)[0].items()}


class Pooler:
    """Clients and servers of all of PgBouncer's pools but its own console's."""

    def __init__(self, port: int) -> None:
        self._session = Session(
            "-h", "/run/postgresql", "-p", str(port), "-U", "pgbouncer", "-d", "pgbouncer"
        )

    def read(self) -> dict[str, float]:
        pools = [row for row in self._session.ask("SHOW POOLS") if row["database"] != "pgbouncer"]

        def total(name: str) -> int:
            return sum(int(row.get(name, 0)) for row in pools)

        return {
            "clients": total("cl_active"),
            "waiting": total("cl_waiting"),
            "servers": total("sv_active") + total("sv_idle") + total("sv_used"),
            "busy": total("sv_active"),
            "longest_wait": max((float(row.get("maxwait", 0)) for row in pools), default=0.0),
        }


class Redis:
    """Its memory, by the operator's own way in."""

    WANTED = ("used_memory", "maxmemory", "evicted_keys", "connected_clients")

    def __init__(self, path: str) -> None:
        self._path = path
        self._stream: socket.socket | None = None

    def read(self) -> dict[str, int]:
        try:
            return self._read()
        except OSError:
            self._stream = None
            raise

    def _read(self) -> dict[str, int]:
        if self._stream is None:
            self._stream = socket.socket(socket.AF_UNIX)
            self._stream.settimeout(PATIENCE)
            self._stream.connect(self._path)
            self._stream.sendall(OPERATOR.read_bytes().strip() + b"\r\n")
            self._until(b"\r\n")
        self._stream.sendall(b"INFO\r\n")
        head, _, text = self._until(b"\r\n").partition(b"\r\n")
        if not head.startswith(b"$"):
            raise ValueError("no answer of Redis")
        while len(text) < int(head[1:]) + 2:
            text += self._more()
        rows = (line.split(":", 1) for line in text.decode().splitlines() if ":" in line)
        found = {name: value for name, value in rows if name in self.WANTED}
        return {name: int(value) for name, value in found.items()}

    def _until(self, end: bytes) -> bytes:
        text = b""
        while end not in text:
            text += self._more()
        return text

    def _more(self) -> bytes:
        assert self._stream  # noqa: S101 - for the type checker
        if not (more := self._stream.recv(65_536)):
            raise ConnectionError("Redis ended it")
        return more
