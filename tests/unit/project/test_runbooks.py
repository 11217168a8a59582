"""The pages whose commands a test on boxes runs, as it takes them: what is wrong is found here, not
there after half an hour."""

from __future__ import annotations

import subprocess

from tests.support import keeper, owner
from tests.support.runbook import blocks
from tests.upgrade import test_new_system as new_system


def test_each_way_back_after_an_intruder_is_one_line() -> None:
    copied, put_back, let_in, restored = blocks(*owner.PAGE, "sh", {})
    assert copied.startswith("rclone copy")
    assert put_back.startswith("cd ")
    shown = let_in.replace(" >/srv/keeper/.ssh/authorized_keys", "")
    assert shown != let_in
    line = subprocess.check_output(["sh", "-eu"], input=shown, text=True)
    assert line == (
        'restrict,from="ADDRESS",command="/usr/local/bin/readyhost-mirror --read'
        ' /srv/keeper/shop/2026-01-31T111700Z" ssh-ed25519 AAAA…\n'
    )
    ways = [line.partition(" --data restore.source=")[2] for line in restored.splitlines()]
    assert [way.split()[0] for way in ways] == ["offsite", "mirror", "mirror"]
    assert len(blocks(*owner.PAGE, "ini", {})) == 1


def test_a_host_that_fetches_has_one_script_and_one_table() -> None:
    assert [len(blocks(*keeper.PAGE, kind, {})) for kind in ("sh", "cron")] == [1, 1]


def test_a_newer_system_takes_three_scripts_and_a_place_for_its_backups() -> None:
    assert [len(blocks(*new_system.PAGE, kind, {})) for kind in ("sh", "toml")] == [3, 1]
