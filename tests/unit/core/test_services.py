"""Services: what is decided from what a host says, and what is done about it."""

from __future__ import annotations

import dataclasses
import subprocess
from typing import Any

import pytest

from roles.core.entries import File
from roles.core.services import Action, Running, Service, decide, parse, script

CONF = File("/etc/nginx/nginx.conf", "worker_processes auto;")
LIMITS = File("/etc/systemd/system/nginx.service.d/limits.conf", "[Service]\nLimitNOFILE=20000")
NGINX = Service(
    "nginx",
    configuration=[CONF, LIMITS],
    restart_paths=["/etc/systemd/*"],
    reload="systemctl reload nginx",
    probe="curl -s localhost",
)
STAMPS = NGINX.digests()
GOOD = Running("active", "enabled", False, True, STAMPS["restart"], STAMPS["reload"])


def changed(**values: Any) -> Running:
    return dataclasses.replace(GOOD, **values)


@pytest.mark.parametrize(
    ("running", "verb"),
    [
        (GOOD, None),
        (Running(), "start"),
        (changed(active="failed"), "start"),
        (changed(answers=False), "restart"),
        (changed(restart=""), "restart"),
        (changed(restart="0"), "restart"),
        (changed(reload=""), "reload"),
        (changed(reload="0"), "reload"),
        (changed(restart="0", reload="0"), "restart"),
        (changed(enabled="disabled"), "enable"),
        (changed(enabled="masked"), "enable"),
        (changed(enabled="enabled-runtime"), None),
        (changed(enabled="static"), None),
    ],
)
def test_the_least_that_is_needed_is_decided(running: Running, verb: str | None) -> None:
    action = decide(NGINX, running)
    assert (action.verb if action else None) == verb


def test_a_service_that_cannot_reload_is_restarted() -> None:
    redis = Service("redis-server", configuration=[CONF])
    assert redis.stamps_touched_by([CONF.path]) == ["redis-server.restart"]


def test_only_the_stamps_of_touched_files_fall() -> None:
    assert NGINX.stamps_touched_by([CONF.path]) == ["nginx.reload"]
    assert NGINX.stamps_touched_by([LIMITS.path]) == ["nginx.restart"]
    assert NGINX.stamps_touched_by(["/etc/cron.d/x"]) == []
    # A drop-in that is being removed is in no configuration any more, but it is known by pattern.
    assert NGINX.stamps_touched_by(["/etc/systemd/system/nginx.service.d/old.conf"]) == [
        "nginx.restart"
    ]


def test_a_stamp_changes_with_content_mode_and_owner() -> None:
    files = [
        CONF,
        File(CONF.path, "worker_processes 4;"),
        File(CONF.path, CONF.content, mode=0o600),
        File(CONF.path, CONF.content, group="adm"),
    ]
    assert len({Service("x", configuration=[f]).digests()["restart"] for f in files}) == 4


def test_what_a_host_prints_is_read() -> None:
    printed = """\
Id=nginx.service
ActiveState=active
UnitFileState=enabled
NeedDaemonReload=yes

Id=postgresql@14-main.service
ActiveState=inactive
UnitFileState=enabled-runtime
NeedDaemonReload=no
Stamp=nginx restart abc
Stamp=nginx reload
Answers=nginx
Stamp=postgresql@14-main restart
Stamp=postgresql@14-main reload def
"""
    assert parse(printed.splitlines()) == {
        "nginx": Running("active", "enabled", True, True, "abc", ""),
        "postgresql@14-main": Running("inactive", "enabled-runtime", False, False, "", "def"),
    }


def test_what_a_bare_host_prints_is_read() -> None:
    assert parse(["Stamp=nginx restart", "Stamp=nginx reload"]) == {"nginx": Running()}


def run(service: Service, action: Action, tmp: str) -> subprocess.CompletedProcess[str]:
    """The script with systemd's commands noted instead of run, and stamps in a directory here."""
    text = script(service, action, Running("active", "enabled")).replace(
        "/var/lib/readyhost/stamps", tmp
    )
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
