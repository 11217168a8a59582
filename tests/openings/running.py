"""All that root and postgres run by themselves on a box, started, while strace looks on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from vagrant.driver import Box

UNIT = "openings-trace"
BEGUN = """
import os
from pathlib import Path
for folder in Path("/proc").glob("[0-9]*"):
    try:
        rows = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        program = os.path.basename(os.readlink(folder / "exe"))
    except OSError:
        continue
    print(folder.name, rows["Uid"].split()[1], program)
"""
CALLS = "%file,%process,%creds,fchown,fchdir,mount_setattr,unshare"
# What a timetable starts, without the wait that spreads it over a quarter of an hour.
CRON = r"""
cat /etc/cron.d/* | grep -E '^([0-9*@]|\*/)' | sed -E 's/^([^ \t]+[ \t]+){5}//; s/--scheduled//' |
  while read -r user words; do echo "$user: $words"; runuser -u "$user" -- sh -c "$words"; done
for each in hourly daily weekly monthly; do run-parts "/etc/cron.$each"; done
"""
TIMERS = r"""
systemctl list-units --all --plain --no-legend --type=timer | cut -d' ' -f1 |
  xargs systemctl show -P Unit | grep . | sort -u | while read -r unit; do
    echo "$unit"; timeout 120 systemctl start "$unit"; done
"""
RESTARTED = (
    "systemctl restart postgresql redis-server pgbouncer nginx rsyslog fail2ban cron"
    " systemd-journald"
)
BY_HAND = (
    "backup restore files --yes",
    "backup restore dump --yes",
    "logrotate -f /etc/logrotate.conf",
    "systemd-tmpfiles --create --clean --remove --exclude-prefix=/dev",
    "app-release status",
    "host-maintained show",
)


@dataclass(frozen=True)
class Running:
    """On `box`."""

    box: Box
    FOLDER: ClassVar[str] = "/root/openings"

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Every program that is started, and those of root, postgres and the operator that run."""
        self.box.ssh(
            "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y strace >/dev/null;"
            f" mkdir -p {self.FOLDER}; python3 - >{self.FOLDER}/begun",
            stdin=BEGUN,
            timeout=300,
        )
        whose = '$2 == 0 || $2 == postgres || $2 >= 1000 {printf " -p %s", $1}'
        pids = f"awk -v postgres=$(id -u postgres) '{whose}' {self.FOLDER}/begun"
        self.box.ssh(
            f"systemd-run -q --unit={UNIT} strace -f -qq -y -s 200 -e trace={CALLS}"
            f" -e signal=none -o {self.FOLDER}/trace $({pids}); sleep 2"
        )
        try:
            yield
        finally:
            self.box.ssh(f"systemctl stop {UNIT}", timeout=300)

    def all_that_runs(self) -> None:
        for script in (CRON, TIMERS, RESTARTED, *BY_HAND):
            done = self.box.run(f"sh -c {shlex.quote(script)} 2>&1", timeout=600)
            print(done.stdout[-2000:])
