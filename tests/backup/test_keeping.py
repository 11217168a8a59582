"""What is kept: the engines, set as on any host, live through five weeks in a minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vagrant.driver import Box

HERE = Path(__file__).parent
DAYS = 36  # the fulls are those of days 0, 3, 10, 17, 24 and 31
KEEP = 30
OLDEST_FULL = 3  # the newest one from which day 5, 30 days before the last, can be restored
FULLS = 5

pytestmark = pytest.mark.timeout(600)


def kept(output: str) -> list[int]:
    """Days that were restored, in order."""
    lines = [line.split() for line in output.splitlines()]
    return sorted(int(line[1]) for line in lines if line[0] == "kept")


def test_BAK_01_five_weeks_leave_what_the_policy_says_and_all_of_it_restores(host: Box) -> None:
    host.ssh("apt-get -qq install -y faketime; install -d -o postgres /dev/shm/kept", timeout=300)
    shell = f"cd /; runuser -u postgres -- bash -s {DAYS}"
    try:
        with ThreadPoolExecutor() as both:
            database = both.submit(host.ssh, shell, (HERE / "weeks.sh").read_text(), 500)
            files = both.submit(host.ssh, f"python3 - {DAYS}", (HERE / "weeks.py").read_text(), 500)
        assert kept(database.result()) == list(range(OLDEST_FULL, DAYS))
        assert database.result().count("runs ") == FULLS
        assert kept(files.result()) == list(range(DAYS - KEEP, DAYS))
    finally:
        host.ssh("rm -rf /dev/shm/kept*")
