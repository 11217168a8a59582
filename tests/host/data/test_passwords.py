"""Passwords that people give themselves, for the provider's console."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all

pytestmark = once_at_all


@pytest.fixture
def person(box: Host) -> Iterator[str]:
    """An account whose password is old enough to be changed."""
    box.ssh("useradd -m person; echo person:Kuh-4711-wiese! | chpasswd; chage -m 0 person")
    yield "person"
    box.ssh("userdel -rf person 2>/dev/null; ! getent passwd person")


@pytest.mark.parametrize(
    ("password", "taken"),
    [("Sommer2026", False), ("administrator1", False), ("blaue Leiter im Regen", True)],
)
def test_HOST_03_a_password_that_is_guessed_is_refused(
    box: Host, person: str, password: str, taken: bool
) -> None:
    typed = f"Kuh-4711-wiese!\n{password}\n{password}\n"
    said = box.run(f"runuser -u {person} -- env LC_ALL=C passwd", stdin=typed)
    assert (said.returncode == 0) == taken, said


def test_HOST_03_a_new_password_stays_for_a_day(box: Host, person: str) -> None:
    box.ssh("useradd another; chage -l another | grep -q 'Minimum.*: 1$'; userdel another")
    box.ssh(f"chage -m 1 {person}")
    typed = "Kuh-4711-wiese!\n" + 2 * "blaue Leiter im Regen\n"
    said = box.run(f"runuser -u {person} -- env LC_ALL=C passwd", stdin=typed)
    assert said.returncode != 0
    assert "You must wait longer" in said.stderr
