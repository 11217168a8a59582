"""Services: what is decided from what a host says of them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from roles.core.entries import File
from roles.core.running import Running, parse
from roles.core.service import Service
from roles.core.services import Action, decide

from .nginx_service import CONF, LIMITS, NGINX

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
        (changed(answers=False, reload="0"), "reload"),
        (changed(restart=""), "restart"),
        (changed(restart="0"), "restart"),
        (changed(reload=""), "reload"),
        (changed(reload="0"), "reload"),
        (changed(restart="0", reload="0"), "restart"),
        (changed(enabled="disabled"), "enable"),
        (changed(enabled="masked"), "enable"),
        (changed(enabled="masked-runtime"), "enable"),
        (changed(as_before=False), None),  # it does not tell what it runs with
        (changed(enabled="enabled-runtime"), None),
        (changed(enabled="static"), None),
    ],
)
def test_the_least_that_is_needed_is_decided(running: Running, verb: str | None) -> None:
    action = decide(NGINX, running)
    assert (action.verb if action else None) == verb


def test_a_service_that_cannot_reload_is_restarted() -> None:
    redis = Service("redis-server", configuration=[CONF])
    assert redis.applied_digests_touched_by([CONF.path]) == ["redis-server.restart"]


def test_only_the_stamps_of_touched_files_fall() -> None:
    assert NGINX.applied_digests_touched_by([CONF.path]) == ["nginx.reload"]
    assert NGINX.applied_digests_touched_by([LIMITS.path]) == ["nginx.restart"]
    assert NGINX.applied_digests_touched_by(["/etc/cron.d/x"]) == []
    # A drop-in that is being removed is in no configuration any more, but it is known by pattern.
    assert NGINX.applied_digests_touched_by(["/etc/systemd/system/nginx.service.d/old.conf"]) == [
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


def test_HOST_09_what_runs_with_other_values_is_reloaded() -> None:
    service = dataclasses.replace(NGINX, live="echo values")
    action = decide(service, changed(as_before=False))
    assert action == Action("reload", "it runs with other values than its files have", back=True)
    assert action
    assert decide(dataclasses.replace(service, reload=None), changed(as_before=False)) is not None
    assert decide(service, changed(as_before=False, answers=False)) != action
