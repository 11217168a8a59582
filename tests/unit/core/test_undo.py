"""What a guard gives the host: run here, in a directory that stands for it."""

from __future__ import annotations

import dataclasses
import os
import subprocess
from pathlib import Path

import pytest

from roles.core.undo import Guard, arm, confirmed

FAKE = """#!/bin/sh
echo "$@" >>"$CALLS"
"""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with what arm.sh touches, its paths in `arm` replaced by ones below it."""
    for name in ("bin", "units", "lock", "etc"):
        (tmp_path / name).mkdir()
    for name in ("systemctl", "flock"):
        (tmp_path / "bin" / name).write_text(FAKE)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    monkeypatch.setenv("CALLS", f"{tmp_path}/calls")
    return tmp_path


def moved(script: str, host: Path) -> str:
    for real, here in (
        ("/var/lib/readyhost", "state"),
        ("/etc/systemd/system", "units"),
        ("/run/readyhost", "lock"),
    ):
        script = script.replace(real, f"{host}/{here}")
    return script


def sh(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-s"], input=script, text=True, capture_output=True, check=False)


def guard(host: Path) -> Guard:
    return Guard(
        name="ssh",
        paths=(f"{host}/etc/there", f"{host}/etc/new"),
        role="ssh",
        stamps=("ssh",),
        remember=("echo kept >memory",),
        undo=("false", f"cp memory {host}/etc/remembered"),
        seconds=20,
    )


def armed(host: Path) -> Path:
    (host / "etc" / "there").write_text("old")
    result = sh(moved(arm(guard(host)), host))
    assert result.returncode == 0, result.stderr
    (host / "etc" / "there").write_text("new")
    (host / "etc" / "new").write_text("new")
    return host / "state" / "guard" / "ssh"


def test_an_undo_brings_back_what_was_and_takes_away_what_was_not(host: Path) -> None:
    kept = armed(host)
    stamp = host / "state" / "stamps" / "ssh.reload"
    stamp.parent.mkdir()
    stamp.write_text("x")
    assert sh(f"sh {kept}/restore").returncode == 0
    assert (host / "etc" / "there").read_text() == "old"
    assert not (host / "etc" / "new").exists()
    assert (host / "etc" / "remembered").read_text() == "kept\n"
    assert not stamp.exists()
    assert not kept.exists()
    assert list((host / "units").iterdir()) == []


def test_what_is_confirmed_stays_and_is_confirmed_once(host: Path) -> None:
    armed(host)
    assert sh(moved(confirmed("ssh"), host)).returncode == 0
    assert (host / "etc" / "there").read_text() == "new"
    assert sh(moved(confirmed("ssh"), host)).returncode != 0


def test_a_second_change_keeps_what_was_before_the_first(host: Path) -> None:
    kept = armed(host)
    assert sh(moved(arm(guard(host)), host)).returncode == 0
    sh(f"sh {kept}/restore")
    assert (host / "etc" / "there").read_text() == "old"


def test_the_clock_is_started_and_survives_a_reboot(host: Path) -> None:
    armed(host)
    calls = (host / "calls").read_text()
    assert "enable -q readyhost-undo-ssh.timer" in calls
    assert "restart readyhost-undo-ssh.timer" in calls
    assert "OnActiveSec=20s" in (host / "units" / "readyhost-undo-ssh.timer").read_text()


@pytest.mark.parametrize("part", ["restore", "confirm", "old.tar", "undo"])
def test_a_guard_that_is_not_whole_is_made_anew(host: Path, part: str) -> None:
    kept = armed(host)
    (kept / part).unlink()
    (kept.with_name("ssh.done") / "ssh").mkdir(parents=True)
    (kept.with_name("ssh.new") / "ssh").mkdir(parents=True)
    assert sh(moved(arm(guard(host)), host)).returncode == 0
    assert sh(moved(confirmed("ssh"), host)).returncode == 0
    assert list(kept.parent.iterdir()) == []


def test_an_undo_goes_further_until_ssh_greets(host: Path) -> None:
    greets = f"import os, sys; sys.exit(0 if os.path.exists('{host}/open') else 1)"
    steps = (f"echo $status >{host}/first", f"touch {host}/open", f"touch {host}/too-far")
    further = dataclasses.replace(guard(host), further=steps)
    assert sh(moved(arm(further), host)).returncode == 0
    kept = host / "state" / "guard" / "ssh"
    (kept / "reach.py").write_text(greets)
    assert sh(f"sh {kept}/restore").returncode == 0
    assert (host / "first").read_text() == "1\n"
    assert not (host / "too-far").exists()
    assert not kept.exists()
