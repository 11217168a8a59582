"""Programs that are logged in, all behind one address: each is counted by its token."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.client import Server

pytestmark = once_at_all

HOLDER = f"Bearer {'e' * 200}"  # tokens of one issuer begin alike


@pytest.fixture(scope="module")
def by_token(box: Host) -> Iterator[None]:
    """The same host, where a token counts."""
    box.converge(READYHOST_NGINX__LIMITS__KEY="header:Authorization")
    yield
    box.converge()


def asked(web: Server, source: str, *tokens: str) -> Counter[bytes]:
    """Statuses of a program's requests on one connection, each with its token; none for ""."""
    head = f"HEAD /version HTTP/1.1\r\nHost: {web.domain}\r\n"
    heads = [head + (f"Authorization: {HOLDER}.{each}\r\n" if each else "") for each in tokens]
    heads[-1] += "Connection: close\r\n"
    got = web.raw("".join(f"{each}\r\n" for each in heads).encode(), source=source, timeout=60)
    return Counter(line[9:12] for line in got.splitlines() if line.startswith(b"HTTP/1.1"))


@pytest.mark.timeout(240)
def test_WEB_04_who_is_logged_in_is_counted_by_token(
    web: Server, by_token: None, visitor: Callable[[], str]
) -> None:
    office, elsewhere = visitor(), visitor()
    mine, others = secrets.token_hex(8), [secrets.token_hex(8) for _ in range(5)]
    seen = asked(web, office, *[mine] * 90)
    assert 60 <= seen[b"200"] <= 70, seen  # one a second comes back
    for other in others:
        assert asked(web, office, *[other] * 60) == {b"200": 60}
    # It is the token's wherever it is used, and who has none has the address' own.
    assert asked(web, elsewhere, *[mine] * 20)[b"429"] >= 10
    without = asked(web, office, *[""] * 90)
    assert 60 <= without[b"200"] <= 70, without
