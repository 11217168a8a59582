"""Services: what is done about what was decided, by a shell without systemd."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from roles.core import services
from roles.core.running import Running
from roles.core.service import Service
from roles.core.services import Action, last_words, script

from .nginx_service import CONF


def run(service: Service, action: Action, tmp: str) -> subprocess.CompletedProcess[str]:
    """The script with systemd's commands noted instead of run, and stamps in a directory here."""
    text = script(service, action, Running("active", "enabled", answers=True))
    text = text.replace("/var/lib/readyhost/stamps", tmp)
    text = text.replace("mkdir -p /var/lib/readyhost/said", "true")
    text = text.replace("/var/lib/readyhost/said/x", f"{tmp}/said")
    fake = 'systemctl() { echo "systemctl $*"; [ "$1" != is-failed ]; }; journalctl() { echo why; }'
    return subprocess.run(
        ["sh", "-c", f"{fake}\n{text}"], capture_output=True, text=True, check=False
    )


def test_stamps_are_written_only_after_the_service_answered(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for probe, status, stamps in [("true", 0, 2), ("false", 1, 0)]:
        directory = tmp_path_factory.mktemp("stamps")
        service = Service("x", configuration=[CONF], probe=probe, deadline=1)
        result = run(service, Action("restart", ""), str(directory))
        assert result.returncode == status
        assert len(list(directory.iterdir())) == stamps
        assert "systemctl restart x" in result.stdout
    assert "does not answer" in result.stderr
    assert "why" in result.stderr


@pytest.mark.parametrize(("verb", "restarts"), [("restart", 0), ("start", 1)])
def test_HOST_09_what_would_not_start_again_is_not_restarted(
    tmp_path: Path, verb: str, restarts: int
) -> None:
    """What does not run anyway loses nothing by a try, and says more in its journal."""
    service = Service("x", configuration=[CONF], starts="echo a hand was here; false")
    result = run(service, Action(verb, ""), str(tmp_path))
    assert result.stdout.count("systemctl restart x") == restarts
    assert (result.returncode == 1) == (restarts == 0)
    if not restarts:
        assert result.stderr == "x goes on as it is: it would not start again\na hand was here\n"
        assert [path.name for path in tmp_path.iterdir()] == ["said"]


@pytest.mark.parametrize(("heals", "restarts"), [(True, 0), (False, 1)])
def test_what_is_new_is_asked_for_after_a_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heals: bool, restarts: int
) -> None:
    """Nginx does not answer for a domain that it has not read of yet: a restart would refuse
    everybody's connections for a moment. One that hangs is restarted."""
    monkeypatch.setattr(services, "TAKES_EFFECT", 1)
    new = tmp_path / "new"
    service = Service(
        "x",
        configuration=[CONF],
        reload=f"touch {new}" if heals else "true",
        probe=f"[ -e {new} ] || grep -q restart {tmp_path}/done",
        deadline=1,
    )
    told = f'systemctl() {{ echo "$*" >>{tmp_path}/done; [ "$1" != is-failed ]; }}'
    text = script(service, Action("reload", ""), Running("active", "enabled", answers=False))
    text = text.replace("/var/lib/readyhost", str(tmp_path))
    done = subprocess.run(["sh", "-c", f"{told}\n{text}"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    said = tmp_path / "done"
    assert (said.read_text() if said.exists() else "").count("restart x") == restarts


@pytest.mark.parametrize(("heals", "restarts"), [(True, 0), (False, 1)])
def test_HOST_09_a_restart_comes_where_a_reload_does_not_do_it(
    tmp_path: Path, heals: bool, restarts: int
) -> None:
    """Afterwards the host knows what it runs with."""
    values = tmp_path / "values"
    values.write_text("a hand's")
    service = Service(
        "x",
        configuration=[CONF],
        reload=f"printf right >{values}" if heals else "true",
        live=f"cat {values}",
    )
    (tmp_path / "x.live").write_text(f"{hashlib.sha256(b'right').hexdigest()}  -\n")
    result = run(service, Action("reload", "", back=True), str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("systemctl restart x") == restarts
    after = hashlib.sha256(values.read_bytes()).hexdigest()
    assert (tmp_path / "x.live").read_text().split()[0] == after


def test_HOST_09_a_question_that_is_not_answered_in_time_is_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roles.core.service.PROBE_TIMEOUT", 0.2)
    monkeypatch.setattr("roles.core.services.STATE", str(tmp_path))
    monkeypatch.setattr("roles.core.service.STATE", str(tmp_path))
    (tmp_path / "stamps").mkdir()
    stamp = tmp_path / "stamps" / "x.live"

    def same(**told: Any) -> bool:
        return subprocess.run(["sh", "-c", Service("x", **told).same], check=False).returncode == 0

    assert not same(live="echo right"), "nothing is known yet"
    stamp.write_text(f"{hashlib.sha256(b'right').hexdigest()}  -\n")
    assert same(live="printf right")
    assert not same(live="printf wrong")
    assert same(live="printf wr; sleep 9; printf ong")
    assert not same(live="printf wr; exit 1"), "it has answered"
    assert same(unlike="true")
    assert not same(unlike="echo include_dir")
    assert same(unlike="echo include_dir; sleep 9")
    # After an action what was not answered is not known either.
    service = Service("x", configuration=[CONF], live="printf rig; sleep 9")
    assert run(service, Action("restart", ""), str(tmp_path / "stamps")).returncode == 0
    assert not stamp.exists()


def test_HOST_09_what_starts_without_its_files_is_reloaded(tmp_path: Path) -> None:
    service = Service("x", configuration=[CONF], reload="echo told", unlike="echo include_dir")
    result = run(service, Action("restart", ""), str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "said").read_text() == "told\n"


def test_HOST_09_a_unit_that_another_starts_is_enabled_by_that() -> None:
    service = Service("postgresql@14-main", configuration=[CONF], started_by="postgresql")
    text = script(service, Action("enable", ""), Running("active", "masked-runtime"))
    assert "systemctl unmask -q --runtime postgresql" in text
    assert "systemctl enable -q postgresql\n" in text


def test_REL_07_a_service_s_last_words_are_its_own(tmp_path: Path) -> None:
    said = [
        "bad directive in line 3",
        "pam_unix(sudo:session): session opened for user root(uid=0) by (uid=1000)",
        "  ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/usr/bin/psql secret",
        "gives up",
    ]
    (tmp_path / "said").write_text("".join(f"{line}\n" for line in said))
    fake = f"journalctl() {{ cat {tmp_path}/said; }}; "
    done = subprocess.run(
        ["sh", "-c", fake + last_words("ssh.service")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [said[0], said[3]]
