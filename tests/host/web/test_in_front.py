"""Nginx in front of the application: who gets a request, and how many may come."""

from __future__ import annotations

import concurrent.futures
import resource
import ssl
import time
from collections import Counter

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support.client import Server

from .asked import logged, workers

# It takes a minute, which these tests need not wait for.
pytestmark = pytest.mark.usefixtures("late")


def shares(box: Host, web: Server, requests: int, seconds: float) -> Counter[str]:
    """How many of `requests` at the same moment, each of `seconds`, a process gets."""
    with concurrent.futures.ThreadPoolExecutor(requests) as pool:
        asked = [pool.submit(web.ask, f"/slow?seconds={seconds}") for _ in range(requests)]
        ids = [one.result().header("x-request-id") for one in asked]
    return Counter(entry["upstream"] for entry in logged(box, *ids))


def test_WEB_01_each_process_takes_its_share(box: Host, web: Server) -> None:
    processes = int(box.ssh("ls /srv/*/live/*.sock | wc -l"))
    # One that failed while the host started gets a single request at a time until it has answered.
    end = time.monotonic() + 30
    while len(shares(box, web, 4 * processes, 0.3)) < processes:
        assert time.monotonic() < end, "a process gets nothing"
    taken = shares(box, web, 10 * processes, 2)
    assert len(taken) == processes
    assert 8 <= min(taken.values()) <= max(taken.values()) <= 12


def test_WEB_01_open_files_of_the_running_processes(box: Host) -> None:
    for worker in workers(box):
        limit = int(box.ssh(f"awk '/open files/ {{print $4}}' /proc/{worker}/limits"))
        assert limit >= 2 * 8192


@once_at_all
def test_WEB_01_3000_clients_are_connected_at_once(web: Server, stylesheet: str) -> None:
    """Each is served when it comes, and again on the same connection when all are there."""

    def come(_: int) -> ssl.SSLSocket:
        connection = web.connect()
        assert isinstance(connection, ssl.SSLSocket)
        served(connection)
        return connection

    def served(connection: ssl.SSLSocket) -> bool:
        connection.sendall(f"HEAD {stylesheet} HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode())
        return connection.recv(4096).startswith(b"HTTP/1.1 200")

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8192), hard), hard))
    held: list[ssl.SSLSocket] = []
    try:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for connection in pool.map(come, range(3000)):
                held.append(connection)
            assert Counter(pool.map(served, held)) == {True: 3000}
        assert web.ask("/version").status == 200
    finally:
        for connection in held:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_WEB_01_a_request_that_was_not_sent_goes_to_another_process(box: Host, web: Server) -> None:
    """A socket that nobody listens on any more, as between a crash and the restart."""
    name = box.ssh("ls /srv/*/live/*.sock | head -n 1")
    box.ssh(f"mv {name} {name}.aside")
    try:
        statuses = Counter(web.ask("/version").status for _ in range(20))
    finally:
        box.ssh(f"mv {name}.aside {name}")
    many = int(box.ssh("ls /srv/*/live/*.sock | wc -l")) > 1
    assert statuses == ({200: 20} if many else {502: 20})
