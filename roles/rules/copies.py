"""The second copies of several hosts are apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roles.core.environment import Conflict
from roles.external.sources import databases

if TYPE_CHECKING:
    from settings import Settings


def mirror_has_database(settings: Settings) -> Iterator[Conflict]:
    """By a database's identity a mirror knows whose backups it has, and refuses another's."""
    if settings.backup.mirror.host and not databases(settings):
        yield Conflict(
            ("backup.mirror.host",),
            "a mirror takes the backups of a host that has its database itself; take"
            " backup.offsite or backup.pull",
        )


def one_host_a_place(settings: Settings) -> Iterator[Conflict]:
    """No two hosts write to one off-site copy or one mirror: each has data of its own, and the
    archive of one is damage to the other's."""
    hosts = len(settings.addresses)
    if hosts < 2:
        return
    for key, place in (
        ("backup.offsite.prefix", settings.backup.offsite.bucket),
        ("backup.mirror.path", settings.backup.mirror.host),
    ):
        if place:
            yield Conflict(
                (key, "hosts"),
                f"{hosts} hosts would write to the same folder of {place}; give each an"
                " environment of its own (python -m settings new NAME)",
            )
