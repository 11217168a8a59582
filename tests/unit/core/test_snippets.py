"""The team's own files beside an environment: where they land, what is refused, in whose words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.fileset import Files
from roles.core.plan import Plan, files
from roles.core.service import Service
from roles.core.services import Services
from roles.core.snippets import read
from tests.unit.environments.entries import plan_of
from tests.unit.environments.model import Environment
from tests.unit.environments.small import STANDARD

PlanWith = Callable[..., Plan]


@pytest.fixture
def with_files(tmp_path: Path) -> PlanWith:
    """The standard environment's plan with the files that are given, as {path: text}."""

    def plan(**texts: str) -> Plan:
        folder = tmp_path / "inventories/prod"
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        settings = STANDARD.settings.model_copy()
        settings._snippets = read(folder)
        return plan_of(Environment("x", settings, STANDARD.machine, STANDARD.release))

    return plan


def team(plan: Plan) -> dict[str, File]:
    """The team's files in a plan, by the path on the host."""
    steps = [step for part in plan.parts for step in files([*part.steps, *part.last])]
    entries = [entry for step in steps for entry in step.entries]
    return {one.path: one for one in entries if isinstance(one, File) and one.source}


def step_of(plan: Plan, role: str) -> Files:
    return next(one for part in plan.parts for one in files(part.steps) if one.role == role)


def services(plan: Plan, unit: str) -> list[Service]:
    """The service as its files' step has it, and as its own."""
    steps = [step for part in plan.parts if part.role != "tls" for step in part.steps]
    lists = [step.services for step in steps if isinstance(step, Files | Services)]
    return [one for each in lists for one in each if one.unit == unit]


@pytest.mark.parametrize(
    ("source", "text", "path", "unit", "restarts"),
    [
        ("nginx/http", "gzip on;", "/etc/nginx/conf.d/own-x.conf", "nginx", False),
        ("nginx/server", "root /srv;", "/etc/nginx/server.d/own-x.conf", "nginx", False),
        (
            "postgres",
            "deadlock_timeout = '2s'",
            "/etc/postgresql/14/main/conf.d/own-x.conf",
            "postgresql@14-main",
            False,
        ),
        ("redis", "hz 20", "/etc/redis/own-x.conf", "redis-server", True),
        ("fail2ban/jail.d", "[x]\na = b", "/etc/fail2ban/jail.d/own-x.local", "fail2ban", False),
        ("fail2ban/filter.d", "", "/etc/fail2ban/filter.d/own-x.conf", "fail2ban", False),
        (
            "systemd/nginx.service.d",
            "[Service]\nNice=1",
            "/etc/systemd/system/nginx.service.d/own-x.conf",
            "nginx",
            True,
        ),
        (
            "systemd/postgresql@.service.d",
            "[Service]\nNice=1",
            "/etc/systemd/system/postgresql@.service.d/own-x.conf",
            "postgresql@14-main",
            True,
        ),
        (
            "systemd/logrotate.timer.d",
            "[Timer]\nPersistent=no",
            "/etc/systemd/system/logrotate.timer.d/own-x.conf",
            "logrotate.timer",
            True,
        ),
    ],
)
def test_a_snippet_is_one_of_the_roles_files_and_its_service_follows_it(
    with_files: PlanWith, *, source: str, text: str, path: str, unit: str, restarts: bool
) -> None:
    plan = with_files(**{f"{source}/x.conf": text})
    (file,) = team(plan).values()
    assert (file.path, file.source) == (path, f"inventories/prod/{source}/x.conf")
    found = services(plan, unit)
    for one in found:
        assert path in [entry.path for entry in one.configuration]
        assert one.needs_restart(path) is restarts
    assert found
    assert path in [entry.path for step in _all(plan) for entry in step.entries]


def _all(plan: Plan) -> list[Files]:
    return [step for part in plan.parts for step in files(part.steps)]


def test_a_file_that_is_included_is_named_in_the_roles_own(with_files: PlanWith) -> None:
    plan = with_files(**{"redis/a.conf": "hz 20\n", "redis/b.conf": "activedefrag no\n"})
    (own,) = [one for one in step_of(plan, "redis").entries if one.path == "/etc/redis/redis.conf"]
    assert isinstance(own, File)
    last = str(own.content).splitlines()[-2:]
    assert last == ["include /etc/redis/own-a.conf", "include /etc/redis/own-b.conf"]


def test_a_drop_in_is_told_to_systemd_and_tried(with_files: PlanWith) -> None:
    plan = with_files(**{"systemd/pgbouncer.service.d/x.conf": "[Service]\nNice=1\n"})
    step = step_of(plan, "pgbouncer")
    assert "systemctl daemon-reload" in step.commands
    assert any("systemd-analyze verify" in str(check) for check in step.checks)


def test_a_snippet_prints_the_values_of_its_role(with_files: PlanWith) -> None:
    text = "{{ settings.drain_timeout_seconds }} {{ machine.cores }} {{ site.name }}\n"
    (file,) = team(with_files(**{"nginx/server/x.conf": text})).values()
    assert file.content == f"{STANDARD.settings.nginx.drain_timeout_seconds} 2 shop\n"


@pytest.mark.parametrize(
    "text",
    ["# {{ settings.passphrase }}", "# x{{ settings.passphrase.get_secret_value() }}"],
)
def test_a_snippet_that_prints_a_secret_is_secret(with_files: PlanWith, text: str) -> None:
    text = text.replace("passphrase", "password")
    plan = with_files(**{"redis/x.conf": text, "systemd/redis-server.service.d/x.conf": text})
    for file in team(plan).values():
        assert file.secret
        assert not file.mode & 0o007, file


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("ngnix/server/x.conf", "", "no role takes files from ngnix/server/; nginx/server?"),
        ("nginx/x.conf", "", "no role takes files from nginx/; nginx/http or nginx/server?"),
        ("x.conf", "", "no role takes files from ./; there are nginx/http, "),
        ("systemd/ssh.service.d/x.conf", "", "no role takes files from systemd/ssh.service.d/"),
        ("systemd/nginx.d/x.conf", "", "systemd/nginx.service.d?"),
        ("nginx/server/x.con", "", "a snippet is called NAME.conf"),
        ("nginx/server/x y.conf", "", "a snippet is called NAME.conf"),
        ("nginx/server/x.conf", "a\n{{ nowhere }}", "x.conf:2: 'nowhere' is undefined"),
        ("nginx/server/x.conf", "a\n\n{% if %}", "x.conf:3: "),
        ("nginx/server/x.conf", "add_header A b;", "x.conf: add_header for the whole server"),
        ("nginx/server/x.conf", "#\nproxy_set_header A b;", "proxy_set_header for the whole"),
        ("sysctl/x.conf", "net/ipv4/tcp_ecn 1", "line 1 is not KEY = VALUE"),
        (
            "sysctl/x.conf",
            "net.core.somaxconn=1",
            "net.core.somaxconn is set by readyhost, in /etc/sysctl.d/60-readyhost.conf already",
        ),
        ("sysctl/x.conf", "net/ipv4/conf/all/rp_filter = 0", "net.ipv4.conf.all.rp_filter is"),
        ("postgres/x.conf", "\nWork_mem = '1GB'", "work_mem is set by readyhost, in /etc/postg"),
        ("redis/x.conf", "maxmemory 1gb", "maxmemory is set by readyhost, in /etc/redis/tuning"),
        ("fail2ban/jail.d/x.conf", "[sshd]\nenabled = false", "sshd.enabled is set by readyhost"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_by_the_teams_own_name_for_it(
    with_files: PlanWith, source: str, text: str, words: str
) -> None:
    with pytest.raises(OperatorError) as refused:
        with_files(**{source: text})
    assert str(refused.value).startswith(f"inventories/prod/{source}")
    assert words in str(refused.value)
    assert "Nothing has been changed" in str(refused.value)


def test_two_snippets_that_set_one_thing_are_refused(with_files: PlanWith) -> None:
    with pytest.raises(OperatorError, match=r"b\.conf: jit_x is set by inventories/prod/postgres/"):
        with_files(**{"postgres/a.conf": "jit_x = 1", "postgres/b.conf": "jit_x = 2"})


def test_all_that_is_wrong_is_said_at_once(with_files: PlanWith) -> None:
    with pytest.raises(OperatorError) as refused:
        with_files(**{"ngnix/x.conf": "", "nginx/server/x.conf": "{{ y }}"})
    assert len(str(refused.value).splitlines()) == 3


def test_headers_in_a_place_of_their_own_are_the_teams_to_set(with_files: PlanWith) -> None:
    text = 'location = /a { add_header A "}"; return 204; }\n# add_header B c;\n'
    assert team(with_files(**{"nginx/server/x.conf": text}))


def test_hidden_files_are_none(tmp_path: Path) -> None:
    (tmp_path / "prod/.git").mkdir(parents=True)
    (tmp_path / "prod/.git/x").write_text("")
    (tmp_path / "prod/.x.conf.swp").write_text("")
    assert read(tmp_path / "prod") == ()
    assert read(tmp_path / "none") == ()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir()
    (tmp_path / "redis/x.conf").write_bytes(b"\xff")
    with pytest.raises(OperatorError, match="is no text"):
        read(tmp_path)


def test_the_kernel_is_asked_for_the_teams_values(with_files: PlanWith) -> None:
    plan = with_files(**{"sysctl/x.conf": "net.ipv4.tcp_ecn = 1\n# a\n"})
    (step,) = [one for one in plan.steps if one.name == "Base | kernel settings of the team's own"]
    assert "/proc/sys/net/ipv4/tcp_ecn" in step.question()
