"""Whether a process can ask the cloud for its keys, by systemd's lists (SEC-06)."""

from __future__ import annotations

import pytest

from readiness.inside.security import _egress
from readiness.outcome import Outcome

UNIT = "app-front-blue-proxy@1.service"


@pytest.mark.parametrize(
    ("denied", "allowed", "found"),
    [
        ("169.254.0.0/16 fe80::/64", "", Outcome.TRUE),
        ("::/0 0.0.0.0/0", "127.0.0.0/8 ::1/128", Outcome.TRUE),
        ("::/0 0.0.0.0/0", "10.0.0.0/8 fd00::/8", Outcome.TRUE),
        ("", "", Outcome.FALSE),
        ("10.0.0.0/8", "", Outcome.FALSE),
        ("::/0 0.0.0.0/0", "169.254.169.254/32", Outcome.FALSE),
        ("169.254.0.0/16", "0.0.0.0/0", Outcome.FALSE),
    ],
)
def test_what_reaches_nothing_but_itself_reaches_no_metadata(
    denied: str, allowed: str, found: Outcome
) -> None:
    said = [f"{UNIT} IPAddressDeny={denied} IPAddressAllow={allowed}"]
    assert _egress(said, wanted=True).outcome is found
