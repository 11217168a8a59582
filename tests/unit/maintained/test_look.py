"""What the look makes of what it is told: an answer that is none is never a good one."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from roles.core.machine import SUPPORTED, Machine
from roles.maintained.host import (
    debian,
    ends,
    look,
    record,
    release,
    running,
    runtimes,
)
from roles.maintained.host.configuration import Configuration
from roles.maintained.host.findings import NOTE, UNKNOWN, WARNING, CouldNotLook, Finding

TODAY = date(2026, 11, 28)
TABLE = ends.Table(
    date(2026, 11, 1), {"Node.js 22": date(2027, 1, 1), "Python 3.10": date(2026, 10, 1)}, {}
)
NODE = ends.Runs("Node.js", "22", "22.20.0")


def levels(found: list[Finding]) -> list[str]:
    return [each.level for each in found]


@pytest.mark.parametrize(("days", "level"), [(33, []), (34, [WARNING]), (90, [WARNING])])
def test_SEC_05_an_end_is_a_warning_so_many_days_before(days: int, level: list[str]) -> None:
    assert levels(ends.judge([NODE], TABLE, TODAY, days)) == level


def test_SEC_05_what_the_distribution_goes_on_fixing_is_only_told() -> None:
    python = ends.Runs("Python", "3.10", "3.10.12", "Ubuntu 22.04")
    assert levels(ends.judge([python], TABLE, TODAY, 90)) == [NOTE]
    own = ends.Runs("Python", "3.10", "3.10.12")
    assert levels(ends.judge([own], TABLE, TODAY, 90)) == [WARNING]


def test_SEC_05_what_is_not_in_the_table_is_not_fine() -> None:
    (found,) = ends.judge([ends.Runs("Node.js", "99", "99.0.0")], TABLE, TODAY, 90)
    assert found.level == UNKNOWN and "Node.js 99" in found.text


def test_SEC_05_the_table_grows_old_itself() -> None:
    assert ends.age(TABLE, TABLE.as_of + timedelta(days=365), 365) == []
    assert levels(ends.age(TABLE, TABLE.as_of + timedelta(days=366), 365)) == [WARNING]


def test_SEC_05_the_table_has_all_that_readyhost_supports() -> None:
    table = ends.read()
    for versions in SUPPORTED.values():
        assert f"PostgreSQL {versions.postgresql}" in table.ends
        assert f"Python {versions.python[0]}.{versions.python[1]}" in table.ends
    assert {"Ubuntu 22.04", "Ubuntu 24.04", "Debian 12", "Debian 13"} <= table.ends.keys()
    assert {line.rpartition(" ")[0] for line in table.ends} == table.sources.keys()


def test_SEC_05_pending_security_fixes_and_no_others() -> None:
    said = """Inst libssl3 [3.0.2-0ubuntu1] (3.0.2-0ubuntu1.30 Ubuntu:22.04/jammy-updates, \
Ubuntu:22.04/jammy-security [amd64])
Inst tzdata [1] (2 Ubuntu:22.04/jammy-updates [all])
Inst linux-image-6 (6.1 Debian-Security:12/stable-security [amd64])
Conf libssl3 (3.0.2-0ubuntu1.30 Ubuntu:22.04/jammy-security [amd64])"""
    (found,) = debian.pending(said)
    assert "2 security fixes" in found.text and "libssl3 3.0.2-0ubuntu1.30" in found.text
    assert "tzdata" not in found.text
    assert debian.pending("") == []


POLICY = """redis-server:
  Installed: 2
  Candidate: 2
  Version table:
 *** 2 500
        500 http://mirror/ubuntu jammy-updates/universe amd64 Packages
        100 /var/lib/dpkg/status
     1 500
        500 http://mirror/ubuntu jammy/main amd64 Packages
nginx:
  Installed: 2
  Version table:
 *** 2 500
        500 http://mirror/ubuntu jammy-updates/main amd64 Packages
        100 /var/lib/dpkg/status
     1 500
        500 http://mirror/ubuntu jammy/universe amd64 Packages
by-hand:
  Version table:
 *** 1 100
        100 /var/lib/dpkg/status
absent:
  Installed: (none)
  Version table:
     1 500
        500 http://mirror/ubuntu jammy/universe amd64 Packages
"""


def test_SEC_05_packages_of_which_nobody_promises_fixes() -> None:
    assert debian.without_promise(POLICY) == ["by-hand", "redis-server"]


def test_SEC_05_what_an_application_names_is_data(tmp_path: Path) -> None:
    """Names of folders, links and files that a build chose."""
    place = tmp_path / ".venv/lib/python3.10/site-packages"
    place.mkdir(parents=True)
    for name in ("Jinja2-2.11.1.dist-info", "old_one-1.0-py3.10.egg-info", "-r-1.dist-info", "x"):
        (place / name).mkdir()
    (place / "a==1\n--index-url=evil-1.0.dist-info").mkdir()
    assert release.python(tmp_path) == ["Jinja2==2.11.1", "old-one==1.0"]
    secret = tmp_path / "secret"
    secret.write_text("x")
    (tmp_path / "package.json").symlink_to(secret)
    (tmp_path / "package-lock.json").write_text("{}")
    with pytest.raises(OSError):
        release.node(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CouldNotLook):
        release.text(tmp_path / "pipe")


def test_SEC_05_libraries_that_are_gone_from_the_disk(tmp_path: Path) -> None:
    for number, unit, line in (
        ("1", "nginx.service", "/usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)"),
        ("2", "cron.service", "/usr/lib/x86_64-linux-gnu/libssl.so.3"),
        ("3", "app.service", "/srv/app/releases/v1/x.so (deleted)"),
        ("4", "evil\x1b.service", "/usr/lib/libz.so.1 (deleted)"),
    ):
        process = tmp_path / number
        process.mkdir()
        (process / "maps").write_text(f"7f-8f r-xp 00000000 fd:00 1 {line}\n")
        (process / "cgroup").write_text(f"0::/system.slice/{unit}\n")
    (found,) = running.replaced(tmp_path)
    assert "nginx.service" in found.text and "libssl.so.3" in found.text
    for other in ("cron", "app.service", "\x1b"):
        assert other not in found.text


def test_SEC_05_the_last_words_are_one_line() -> None:
    bad = Finding("hole", UNKNOWN, "nobody answers")
    fine = Finding("runtime", NOTE, "told")
    assert record.words([fine], "2026-11-28T10:00:00Z") == ""
    said = record.words([bad, bad, fine], "2026-11-28T10:00:00Z")
    assert said.count("\n") == 1 and "could not look: nobody answers; and 1 more" in said


def test_SEC_05_names_of_the_system() -> None:
    said = 'ID=ubuntu\nVERSION_ID="22.04"\nPRETTY_NAME="Ubuntu 22.04.5 LTS"\n'
    assert runtimes.system(said) == ends.Runs("Ubuntu", "22.04", "Ubuntu 22.04.5 LTS")


def test_SEC_05_the_words_of_a_run() -> None:
    from roles.maintained.role import words

    machine = Machine.example(told=("maintained Node.js 22 ends (looked 2026-11-28)", "app x"))
    assert words(machine) == ["not maintained: Node.js 22 ends (looked 2026-11-28)"]
    assert words(Machine.example()) == []


def test_SEC_05_what_each_environment_brings_along_is_no_package_of_a_release(
    tmp_path: Path,
) -> None:
    for name in ("pip-22.0.2", "setuptools-59.6.0", "django-5.2.1"):
        (tmp_path / f"{name}.dist-info").mkdir()
    assert release.installed(tmp_path) == ["django==5.2.1"]


def test_SEC_05_an_odd_release_silences_only_what_looks_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(app: str) -> None:
        raise CouldNotLook("current leads out")

    monkeypatch.setattr(release, "live", odd)
    monkeypatch.setattr(debian, "look", lambda days: [])
    for part in ("reboot", "replaced"):
        monkeypatch.setattr(running, part, list)
    wanted = Configuration("shop", {}, "", "", True, "", "", (), 90, 365, 30)
    found = look.look(wanted, TODAY)
    assert {each.text for each in found} == {"current leads out"}


def test_SEC_05_packages_of_parts_that_run_are_looked_at(tmp_path: Path) -> None:
    home, folder = tmp_path / "srv/shop", tmp_path / "srv/shop/releases/v1"
    packages = folder / "backend/.venv/lib/python3.10/site-packages"
    (packages / "django-5.2.1.dist-info").mkdir(parents=True)
    (home / "live").symlink_to("/run/shop/blue")
    (home / "current").symlink_to(folder)
    parts = [
        {"directory": "backend", "output": "", "build": {"node": "24.1.0"}},
        {"directory": "frontend", "output": "dist", "build": {"node": "24.1.1"}},
    ]
    wanted = {"build": {"node": "", "runtime": "command 3.10", "parts": parts}}
    (tmp_path / "etc/shop/blue").mkdir(parents=True)
    (tmp_path / "etc/shop/blue/release.json").write_text(json.dumps(wanted))
    live = release.live("shop", tmp_path)
    assert live and live.node == "24.1.0"
    assert live.places == (folder, folder / "backend")
    assert release.python(live.places[1]) == ["django==5.2.1"]
