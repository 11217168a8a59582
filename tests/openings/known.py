"""What root and postgres open below folders that others may write, by a path in which a link would
be followed, and why that gives nobody anything. docs/red-team.md has the same list."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """program and path: patterns of the whole. what, why: the words of docs/red-team.md."""

    user: str
    program: str
    path: str
    what: str
    why: str

    def has(self, user: str, program: str, path: str) -> bool:
        return (
            user == self.user
            and re.fullmatch(self.program, program) is not None
            and re.fullmatch(self.path, path) is not None
        )


NAMES = "`/run/systemd/resolve`, the system's name servers"
BY_NAMES = "Who is `systemd-resolve` answers all names of the host anyway"
DEBIANS = "Debian's: it looks for a number, and is `postgres` before it starts or stops anything"

KNOWN: tuple[Known, ...] = (
    Known("root", ".*", r"/run/systemd/resolve/(stub-)?resolv\.conf", NAMES, BY_NAMES),
    Known("postgres", ".*", r"/run/systemd/resolve/(stub-)?resolv\.conf", NAMES, BY_NAMES),
    Known(
        "root",
        r"apt-get|apt|unattended-upgrade|python3.*",
        r"/var/lib/apt/lists/(partial|auxfiles)(/.*)?",
        "`/var/lib/apt/lists/partial`, what apt fetched",
        "Only apt's own fetchers are `_apt`, and apt checks signatures of what it reads",
    ),
    Known(
        "root",
        "backup",
        r"/var/lib/postgresql/\d+",
        "`backup watch`: the database's `archive_status`",
        "It counts names, and opens none of them",
    ),
    Known(
        "root",
        "logrotate",
        r"/var/log/[a-z0-9-]+",
        "`logrotate`: the folder `/var/log/APP`",
        "It opens the folder; what is in it is rotated as its owner",
    ),
    Known(
        "root",
        "pg_ctlcluster",
        r"/run/postgresql/\d+-main\.pid|/var/lib/postgresql/\d+",
        "`pg_ctlcluster`: the database's process",
        DEBIANS,
    ),
    Known(
        "root",
        r"systemd-(networkd-wait-online|tmpfiles)",
        r"/run/systemd/netif/(links|leases|lldp)",
        "`/run/systemd/netif`, the state of the network",
        "systemd's own; who is `systemd-network` sets the host's addresses anyway",
    ),
)
"""What `_fixed` and `_guarded` (openings.py) count as safe besides is said in docs/red-team.md."""
