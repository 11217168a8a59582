"""What a host is asked of its services, by a real shell; its systemctl is played."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from roles.core import running
from roles.core.service import Service

SYSTEMCTL = """systemctl() {{
  echo "$*" >>{asked}
  printf 'Id=%s\\nActiveState={active}\\nUnitFileState=enabled\\nNeedDaemonReload=no\\n\\n' \\
    cron.service logrotate.timer
}}
"""


def _asked(tmp_path: Path, *services: Service, active: str = "active") -> dict:
    played = SYSTEMCTL.format(asked=tmp_path / "asked", active=active)
    command = ["sh", "-c", f"{played}{running.question(services)}"]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert not said.stderr
    return running.parse(said.stdout.splitlines())


@pytest.mark.parametrize(
    ("active", "answers"),
    [("active", True), ("reloading", True), ("activating", False), ("failed", False)],
)
def test_a_unit_is_asked_once_whether_it_is_active(
    tmp_path: Path, active: str, answers: bool
) -> None:
    services = [
        Service("cron", probe="systemctl is-active -q cron"),
        Service("logrotate.timer", probe="systemctl is-active -q logrotate.timer"),
    ]
    found = _asked(tmp_path, *services, active=active)
    assert {name: each.answers for name, each in found.items()} == {
        "cron": answers,
        "logrotate.timer": answers,
    }
    assert len((tmp_path / "asked").read_text().splitlines()) == 1


def test_another_probe_is_made(tmp_path: Path) -> None:
    made = tmp_path / "made"
    probes = {"true": True, f"touch {made}": True, "false": False}
    for probe, answers in probes.items():
        assert _asked(tmp_path, Service("cron", probe=probe))["cron"].answers is answers
    assert made.exists()


@pytest.mark.parametrize(
    ("active", "asked"),
    [("active", True), ("activating", True), ("inactive", False), ("failed", False)],
)
def test_nobody_waits_for_what_does_not_run(tmp_path: Path, active: str, asked: bool) -> None:
    """Where the firewall keeps a port for its service, who asks there otherwise waits in vain."""
    made = tmp_path / "made"
    found = _asked(tmp_path, Service("cron", probe=f"touch {made}"), active=active)
    assert (found["cron"].answers, made.exists()) == (asked, asked)


@pytest.mark.parametrize(
    ("says", "answers", "as_before"),
    [
        ("true", True, True),
        ("echo include_dir", True, False),
        ("echo include_dir; false", False, True),
        ("printf =0; false", False, True),
        ("false", False, True),
        ("sleep 9", False, True),
    ],
)
def test_one_question_tells_whether_it_answers_and_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, answers: bool, as_before: bool
) -> None:
    monkeypatch.setattr("roles.core.service.PROBE_TIMEOUT", 0.5)
    asked = tmp_path / "times"
    service = Service(
        "cron", probe="false", unlike=f"echo once >>{asked}; {says}", unlike_asks_all=True
    )
    found = _asked(tmp_path, service)["cron"]
    assert (found.answers, found.as_before) == (answers, as_before)
    assert asked.read_text() == "once\n"


def test_a_longer_question_that_fails_is_no_reason_for_a_restart(tmp_path: Path) -> None:
    service = Service("cron", probe="true", unlike="false", unlike_asks_all=True)
    found = _asked(tmp_path, service)["cron"]
    assert (found.answers, found.as_before) == (True, True)


def test_digests_are_read_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "STATE", str(tmp_path))
    (tmp_path / "stamps").mkdir()
    (tmp_path / "stamps" / "cron.reload").write_text("0123abcd\n")
    (tmp_path / "stamps" / "other.reload").write_text("")
    found = _asked(tmp_path, Service("cron"), Service("other"))
    assert (found["cron"].restart, found["cron"].reload) == ("", "0123abcd")
    assert (found["other"].restart, found["other"].reload) == ("", "")
