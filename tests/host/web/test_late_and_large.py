"""How long a request may take, and how large it may be."""

from __future__ import annotations

import concurrent.futures

from tests.host.conftest import DOMAIN, Host
from tests.support.client import Answer, Server

from .asked import MB, logged, upload


def test_WEB_07_a_late_answer_is_a_504_after_a_minute(
    box: Host, late: concurrent.futures.Future[tuple[Answer, float]]
) -> None:
    answer, seconds = late.result(timeout=100)
    assert answer.status == 504
    assert seconds > 59
    # By the host's own clock: this machine may be busy with other tests.
    (entry,) = logged(box, answer.header("x-request-id"))
    assert 59 < entry["request_time"] < 65


def test_WEB_07_51_MB_are_refused_before_they_are_sent(box: Host, web: Server) -> None:
    head = f"POST /uploads HTTP/1.1\r\nHost: {DOMAIN}\r\nContent-Length: {51 * MB}\r\n\r\n"
    with web.connect() as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_WEB_07_49_MB_reach_the_application(box: Host, web: Server) -> None:
    answer = upload(web, "large.bin", bytes(49 * MB))
    (entry,) = logged(box, answer.header("x-request-id"))
    assert entry["upstream"].startswith("unix:/")
