"""The run itself: one command makes the host, a second changes nothing, a reboot needs no hand."""

from __future__ import annotations

import re

from tests.host.application import run_failed_jobs_again
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.running import changes, operations


def test_HOST_01_a_second_run_changes_nothing(box: Host) -> None:
    assert changes(box.first_run), "the first run did nothing, so the second proves nothing"
    # That a first release's build has begun is a step of the first run alone.
    assert operations(box.second_run) == operations(box.first_run) - 1
    assert changes(box.second_run) == {}


def test_HOST_01_a_run_after_all_that_happened_changes_nothing(box: Host) -> None:
    said = box.converge().stdout
    assert changes(said) == {}, said


def test_HOST_01_dry_names_nothing_on_a_converged_host(box: Host) -> None:
    output = box.pyinfra("--dry").stdout
    table = output.split("--> Detected changes:", 1)[1]
    rows = [line for line in table.splitlines()[2:] if line.startswith("    ")]
    operations = [row for row in rows if row.rstrip().endswith("-")]
    assert len(operations) > 10
    assert all(row.split()[-2:] == ["-", "-"] for row in operations), table


@once_at_all
def test_HOST_01_a_run_that_is_not_confirmed_has_not_succeeded(box: Host) -> None:
    said = box.pyinfra(stdin="n\n", check=False)
    assert (said.returncode, "“n” is neither Enter nor y. Nothing" in said.stdout) == (1, True)
    assert "Beginning operation run" not in said.stdout
    assert "Beginning operation run" in box.pyinfra(stdin="y\n").stdout


FAST = """#!/bin/sh
case $1 in *clock*) exec /bin/date -d '90 seconds' "$@" ;; esac
exec /bin/date "$@"
"""


@once_at_all
def test_HOST_09_clocks_that_differ_are_said(box: Host) -> None:
    assert "the host's clock is" not in box.second_run
    # A container has its machine's clock; the host is asked for it by a program that is fast.
    box.ssh("cat >/usr/local/bin/date && chmod 755 /usr/local/bin/date", stdin=FAST)
    try:
        run = box.pyinfra("--dry")
        allowed = box.pyinfra("--dry", values={"READYHOST_BASE__CLOCKS_APART_SECONDS": "120"})
    finally:
        box.ssh("rm /usr/local/bin/date")
    assert re.search(r"the host's clock is (89|90) s ahead of this machine's", run.stdout)
    assert "the host's clock is" not in allowed.stdout


def test_HOST_06_no_unit_is_failed(box: Host) -> None:
    run_failed_jobs_again(box)
    assert box.run("systemctl --failed --no-legend --plain").stdout.strip() == ""
