"""Somebody who writes all the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.host.database import application, connect, tunnel
from vagrant.driver import Box

from .hosts import sql

RATE = 200  # rows a second


class Writer(threading.Thread):
    """Inserts rows into `written`, and knows when each was acknowledged. Goes on after errors."""

    def __init__(self, box: Box, port: int) -> None:
        super().__init__(daemon=True)
        self.login, self.port = application(box), port
        self.first = self.number = int(sql(box, "SELECT coalesce(max(id), 0) + 1 FROM written;"))
        self.acknowledged: dict[int, float] = {}
        self.failed = 0
        self.longest = 0.0  # seconds that one row took
        self.begin = time.time()
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                with connect(self.port, **self.login) as connection:
                    while not self.ended.is_set():
                        self._insert(connection)
            except psycopg.Error:
                self.failed += 1
                self.number += 1  # perhaps it is there, perhaps not
                time.sleep(0.2)

    def _insert(self, connection: psycopg.Connection[tuple]) -> None:
        begin = time.time()
        connection.execute("INSERT INTO written VALUES (%s)", (self.number,))
        now = time.time()
        self.longest = max(self.longest, now - begin)
        self.acknowledged[self.number] = now
        self.number += 1
        due = self.begin + (self.number - self.first) / RATE
        time.sleep(max(0, due - now))

    def stop(self) -> None:
        self.ended.set()
        self.join(60)

    def since(self, moment: float) -> list[float]:
        """When rows were acknowledged after a moment."""
        return [when for when in list(self.acknowledged.values()) if when > moment]

    def rate(self, moment: float) -> float:
        """Rows a second that were acknowledged from a moment until now."""
        return len(self.since(moment)) / (time.time() - moment)

    def before(self, moment: float) -> set[int]:
        """Rows that were acknowledged before a moment."""
        return {row for row, when in list(self.acknowledged.items()) if when < moment}


@contextmanager
def writing(box: Box) -> Iterator[Writer]:
    """Rows are written while the body runs."""
    with tunnel(box, 5432) as port:
        writer = Writer(box, port)
        writer.start()
        try:
            yield writer
        finally:
            writer.stop()
