"""Commands of operators on the host: what is computed for them."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path

import pytest

from roles.app.host.errors import ReleaseError
from roles.app.host.operate import (
    command,
    ending,
    jobs,
    lines,
    logs,
    masked,
    sandbox,
    since,
    sources,
)

LIMITS = {"MemoryMax": "512M", "RuntimeMaxSec": "60"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["python", "manage.py", "createsuperuser"], None),
        (["python", "-m", "app.cleanup", "--keep-days", "30"], None),
        (["psql", "-Atc", "select count(*) from users"], None),
        (["x", "--password", "geheim"], ["x", "--password", "***"]),
        (["x", "--db-password=geheim"], ["x", "--db-password=***"]),
        (["env", "SECRET_KEY=geheim", "x"], ["env", "SECRET_KEY=***", "x"]),
        (["x", "postgresql://a:geheim@h/db"], ["x", "postgresql://a:***@h/db"]),
        (["python", "-c", "login(token='geheim')"], ["python", "-c", "login(token='***')"]),
        (["x", "sk4live0123456789abcdefABCDEF0123456"], ["x", "***"]),
    ],
)
def test_REL_08_what_looks_like_a_secret_is_not_recorded(
    given: list[str], kept: list[str] | None
) -> None:
    assert masked.arguments(given) == (kept or given)


def test_REL_08_a_unit_file_is_what_systemd_run_is_told() -> None:
    text = """[Unit]
Description=x
[Service]
ExecStart=/bin/true
# why
WorkingDirectory=/srv/app/blue
Environment=PATH=/srv/app/blue/.venv/bin:/bin
Environment="A=100%%"
StandardOutput=journal
IPAddressAllow=localhost 10.0.0.0/8
CapabilityBoundingSet=
"""
    assert list(sandbox.parse(text, "/srv/app/blue", "/srv/app/releases/v1")) == [
        ("WorkingDirectory", "/srv/app/releases/v1"),
        ("Environment", "PATH=/srv/app/releases/v1/.venv/bin:/bin"),
        ("Environment", '"A=100%"'),
        ("IPAddressAllow", "localhost"),
        ("IPAddressAllow", "10.0.0.0/8"),
        ("CapabilityBoundingSet", ""),
    ]


@pytest.mark.parametrize(
    ("shown", "status", "memory", "end", "words"),
    [
        ({"Result": "success"}, 0, False, 0, "exit status 0"),
        ({"Result": "exit-code"}, 7, False, 7, "exit status 7"),
        ({"Result": "oom-kill"}, 1, False, 137, "out of memory: it was killed at its ceiling of"),
        ({"Result": "exit-code"}, 137, True, 137, "out of memory"),
        ({"Result": "exit-code"}, 137, None, 137, "killed by SIGKILL, as the kernel does"),
        ({"Result": "exit-code"}, 137, False, 137, "exit status 137"),
        ({"Result": "timeout"}, 1, False, 124, "timeout: it was ended after 60 s"),
        ({"Result": "signal", "ExecMainStatus": "11"}, 255, False, 139, "exit status 139"),
        ({"Result": "resources"}, 1, False, 1, "systemd could not run it: resources"),
    ],
)
def test_REL_08_an_end_is_honest(
    shown: dict[str, str], status: int, memory: bool | None, end: int, words: str
) -> None:
    found = ending.read(shown, status, LIMITS, memory)
    assert (found.status, found.words[: len(words)]) == (end, words)


def test_REL_08_since_is_a_time() -> None:
    now = time.mktime((2026, 1, 31, 13, 0, 0, 0, 0, -1))
    for span in ("10m", "10min", "10 minutes", "600s"):
        assert since.seconds(span, now) == now - 600
    assert since.seconds("2hours", now) == now - 7200
    assert since.seconds("12:30", now) == now - 1800
    assert since.seconds("2026-01-31 12:00", now) == now - 3600
    assert since.seconds("2026-01-31", now) == now - 13 * 3600
    for wrong in ("", "yesterday", "-1h", "25:00", "2026-02-30"):
        with pytest.raises(ReleaseError, match="there are 10m"):
            since.seconds(wrong, now)


def test_REL_08_lines_of_everybody_sort_by_time_and_touch_no_terminal() -> None:
    entry = {
        "__REALTIME_TIMESTAMP": "1769860800500000",
        "_SYSTEMD_UNIT": "app-web-blue@2.service",
        "MESSAGE": list(b"red \x1b[31m\nsecond"),
    }
    access = '{"time":"2026-01-31T12:00:01+00:00","path":"/\\u001b"}'
    found = [*lines.access(access), *lines.journal(json.dumps(entry))]
    assert sorted(found) == [
        "2026-01-31T12:00:00.500000Z app-web@2 red \\x1b[31m",
        "2026-01-31T12:00:00.500000Z app-web@2 second",
        f"2026-01-31T12:00:01.000000Z nginx {access}",
    ]
    assert list(lines.journal("no json")) == list(lines.access("no json")) == []


def test_REL_08_rotated_logs_are_read_as_far_back_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "NGINX", tmp_path)
    old, new = '{"time":"2026-01-31T11:00:00+00:00"}', '{"time":"2026-01-31T12:00:00+00:00"}'
    late = '{"time":"2026-01-31T11:59:59+00:00"}'
    (tmp_path / "access.log").write_text(f"{new}\n{late}\n")
    (tmp_path / "access.log.1").write_text(f"{old}\n")
    paths = sources._written_since("access.log", 0)
    assert len(paths) == 2
    first = "2026-01-31T11:30:00.000000Z"
    found = [line for path in paths for line in sources._of_file(path, lines.access, first)]
    assert [line[:19] for line in found] == ["2026-01-31T11:59:59", "2026-01-31T12:00:00"]


def test_REL_08_one_request_is_found_by_its_own_id() -> None:
    wanted = logs._filter("", "0123abcd")
    assert wanted('x {"request_id": "0123abcd"}')
    assert not wanted("x 0123")
    for pattern, request in (("(", ""), ("", "a b"), ("", "$(id)")):
        with pytest.raises(ReleaseError):
            logs._filter(pattern, request)


def test_REL_08_only_root_may(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert command.main("app", ["run", "--", "id"]) == 1
    assert "use sudo" in capsys.readouterr().err


def test_REL_08_words_come_by_a_file_of_whoever_wants_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words"
    file.write_text('["run", "--", "a b"]')
    monkeypatch.setenv("SUDO_UID", str(file.stat().st_uid + 1))
    with pytest.raises(SystemExit, match="not yours"):
        command._taken(str(file))
    monkeypatch.setenv("SUDO_UID", str(file.stat().st_uid))
    assert command._taken(str(file)) == ["run", "--", "a b"]
    assert not file.exists()
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(OSError, match="link"):
        command._taken(str(tmp_path / "link"))


def test_REL_08_a_job_that_never_ran_is_not_said_to_have_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journalctl = tmp_path / "journalctl"
    entry = '{"__REALTIME_TIMESTAMP": "1769860800500000"}'
    journalctl.write_text(
        f"#!/bin/sh\ncase $* in *UNIT=app-clean-green.service*) echo '{entry}' ;; esac\n"
    )
    journalctl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert jobs.last(["app-idle-blue.service", "app-idle-green.service"]) == "never"
    said = jobs.last(["app-clean-blue.service", "app-clean-green.service"])
    assert said == datetime.fromtimestamp(1769860800).astimezone().strftime(jobs.AS_SYSTEMD)
