"""What is said of a connection that did not come about."""

from __future__ import annotations

import pytest

from roles.core.refused import HINT, STRANGER, UNPINNED, hint


@pytest.mark.parametrize(
    ("error", "found"),
    [
        ("[Errno 111] Connection refused", HINT),
        ("[Errno None] Unable to connect to port 22 on 192.0.2.1", HINT),
        ("timed out", HINT),
        ("Authentication failed.", STRANGER),
        ("No authentication methods available", STRANGER),
        ("No host key for 192.0.2.1 found in known_hosts", UNPINNED),
    ],
)
def test_HOST_07_who_may_be_banned_is_told_what_lifts_it(error: str, found: str) -> None:
    assert hint("Could not connect", error) == found
