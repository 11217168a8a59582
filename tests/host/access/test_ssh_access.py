"""Who knocks at SSH and says nothing: bounded in time and in number, seen by knocking."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all

pytestmark = once_at_all

GRACE = 10  # seconds, here: the default of 30 only takes longer
WAITING = 30  # connections, sshd.max_waiting
KNOCKS = 60
A_MINUTE = 10  # connections from one address; the firewall refuses some after 30


@pytest.fixture(scope="module")
def impatient(box: Host) -> Iterator[Host]:
    """The host with GRACE."""
    box.converge(READYHOST_SSHD__LOGIN_GRACE_SECONDS=str(GRACE))
    yield box
    box.converge()


def knock(box: Host, source: str = "") -> socket.socket:
    return socket.create_connection((box.ip, 22), 10, (source, 0) if source else None)


def greeted(connection: socket.socket) -> bool:
    """Whether the server speaks to it; one that it drops it just closes."""
    with contextlib.suppress(OSError):
        return connection.recv(4) == b"SSH-"
    return False


def test_HOST_03_no_more_than_so_many_may_be_logging_in(
    impatient: Host, visitor: Callable[[], str]
) -> None:
    """And some of those that come later get in between, as it is chance that drops them."""
    with contextlib.ExitStack() as held:
        let_in = []
        for _ in range(KNOCKS // A_MINUTE):
            source = visitor()
            for _ in range(A_MINUTE):
                let_in.append(greeted(held.enter_context(knock(impatient, source))))
    assert WAITING / 3 <= sum(let_in) <= WAITING, let_in
    assert all(let_in[: WAITING // 3 - 1]), "the first are dropped by chance"
    end = time.monotonic() + 5
    while True:
        with knock(impatient, visitor()) as later:
            if greeted(later):
                break
        assert time.monotonic() < end, "it does not forget those that have gone"
        time.sleep(0.2)


def test_HOST_03_who_does_not_log_in_is_sent_away(impatient: Host) -> None:
    """Whether he says nothing, or greets and then says nothing."""
    begin = time.monotonic()
    with knock(impatient) as silent, knock(impatient) as polite:
        polite.sendall(b"SSH-2.0-x\r\n")
        for connection in (silent, polite):
            connection.settimeout(3 * GRACE)
            with contextlib.suppress(ConnectionError):
                while connection.recv(4096):
                    pass
            assert GRACE - 1 < time.monotonic() - begin < GRACE + 3
