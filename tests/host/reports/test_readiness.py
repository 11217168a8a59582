"""What the checklist says to look at is seen on the host."""

from __future__ import annotations

from tests.host.application import run_failed_jobs_again
from tests.host.conftest import DOMAIN, Host
from tests.support.readiness import commands


def test_HOST_01_each_line_of_the_checklist_is_seen(box: Host) -> None:
    run_failed_jobs_again(box)
    unseen = []
    for name, command in commands(DOMAIN):
        run = box.run(f"cd /root && {command}")
        if run.returncode or not run.stdout.strip():
            unseen.append(f"{name}: {command}\n{run.stdout}{run.stderr}")
    assert not unseen, "\n".join(unseen)
