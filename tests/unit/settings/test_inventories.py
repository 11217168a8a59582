"""The inventories through pyinfra's own command: one clear line and exit status 1, or hosts."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from roles.core.errors import OperatorError
from settings import DIRECTORY, Settings

from .conftest import ENV, TOML

ROOT = DIRECTORY.parent
PYINFRA = Path(sys.executable).with_name("pyinfra")

Completed = subprocess.CompletedProcess[str]


class Project:
    """A folder with the inventories and a deploy file that says what it sees of the settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inventories = folder / "inventories"
        self.inventories.mkdir()
        for name in ("prod.py", "staging.py", "vagrant.py", "vagrant.toml"):
            shutil.copy(DIRECTORY / name, self.inventories)
        (folder / "deploy.py").write_text("raise SystemExit('a host was reached')\n")

    def values(self, name: str, toml: str = TOML) -> None:
        """Valid values of an environment whose host keys are known."""
        (self.inventories / f"{name}.toml").write_text(toml)
        env = self.inventories / f"{name}.env"
        env.write_text("".join(f"{key}={value}\n" for key, value in ENV.items()))
        env.chmod(0o600)
        (self.inventories / f"{name}.known_hosts").write_text("shop.example ssh-ed25519 AAAA\n")

    def box(self, script: str) -> None:
        """What stands in for the script that knows Vagrant's machines."""
        box = self.folder / "vagrant" / "box"
        box.parent.mkdir()
        box.write_text(f"#!/bin/sh\n{script}\n")
        box.chmod(0o755)

    def pyinfra(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Completed:
        return subprocess.run(
            [PYINFRA, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def refusal(self, name: str, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
        """The one line, or lines, with which a deploy ends before any connection."""
        ended = self.pyinfra(
            "-y", *arguments, f"inventories/{name}.py", "deploy.py", environ=environ
        )
        assert ended.returncode == 1, ended.stdout + ended.stderr
        assert "Connecting" not in ended.stderr
        assert "Traceback" not in ended.stderr
        assert not (self.folder / "pyinfra-debug.log").exists()
        before, separator, said = ended.stderr.partition("--> pyinfra error: ")
        assert separator, ended.stderr
        assert [line for line in before.splitlines() if line] == [
            "--> Loading config...",
            "--> Loading inventory...",
        ]
        return said.strip()

    def run(self, name: str, **options: Any) -> dict[str, Any]:
        """What an inventory file has in it when pyinfra runs it with these options."""
        with click.Context(click.Command("pyinfra")) as context:
            context.params = options
            return runpy.run_path(str(self.inventories / f"{name}.py"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def test_staging_is_as_prod_is() -> None:
    assert (DIRECTORY / "staging.py").read_text() == (DIRECTORY / "prod.py").read_text()


def test_without_its_values_it_says_which_file_to_make(project: Project) -> None:
    assert project.refusal("prod") == (
        "inventories/prod.toml and inventories/prod.env are missing; `make environment NAME=prod`"
        " makes them from inventories/prod.toml.example and inventories/prod.env.example"
    )


def test_several_errors_are_one_line_each(project: Project) -> None:
    project.values("prod", f"{TOML}database_pol = 1\n")
    assert project.refusal("prod", "--data", "redis.port=x").splitlines() == [
        "2 errors in the settings of prod; nothing has been changed:",
        "    inventories/prod.toml:4: app.database_pol: is unknown; did you mean"
        " app.database_pool?",
        "    --data redis.port: must be a whole number from 1024 to 65535",
    ]


def test_pyinfra_shows_the_hosts_and_no_secret(project: Project) -> None:
    project.values("prod", f'hosts = ["192.0.2.1"]\n{TOML}')
    options = ("-vvv", "--debug", "--limit", "192.*", "--data", "tag=v1")
    ended = project.pyinfra(*options, "inventories/prod.py", "debug-inventory")
    assert ended.returncode == 0, ended.stderr
    text = ended.stdout + ended.stderr
    for expected in ("192.0.2.1", '"ssh_user": "root"', '"tag": "v1"', '"environment": "prod"'):
        assert expected in text
    assert not [secret for secret in ENV.values() if secret in text]


def test_an_error_while_preparing_is_one_line(project: Project) -> None:
    (project.folder / "deploy.py").write_text(
        "from roles.core.errors import OperatorError\n\n\n"
        "def role():\n    raise OperatorError('what is wrong and what to do')\n\n\nrole()\n"
    )
    ended = project.pyinfra("-y", "@local", "deploy.py")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "--> pyinfra error: what is wrong and what to do"
    assert "Traceback" not in ended.stderr


def test_without_the_hosts_keys_it_says_how_to_get_them(project: Project) -> None:
    project.values("prod", f"{TOML}[ssh]\nport = 2222\n")
    (project.inventories / "prod.known_hosts").unlink()
    with pytest.raises(OperatorError) as raised:
        project.run("prod")
    assert str(raised.value) == (
        "inventories/prod.known_hosts is missing, so no host can prove that it is yours; make it"
        " with `ssh-keyscan -t ed25519 -p 2222 shop.example > inventories/prod.known_hosts`"
        " and compare `ssh-keygen -lf inventories/prod.known_hosts` with what your provider's"
        " console shows"
    )


def test_a_key_that_is_not_there(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nowhere")
    project.values("prod", f'{TOML}[ssh]\nkey = "~/no/such/key"\n')
    with pytest.raises(OperatorError, match=r"^ssh.key: /nowhere/no/such/key is missing$"):
        project.run("prod")


def test_hosts_are_reached_as_the_settings_say(project: Project) -> None:
    (project.folder / "key").touch()
    project.values(
        "prod", f'hosts = ["192.0.2.1"]\n{TOML}[ssh]\nuser = "me"\nport = 2222\nkey = "key"\n'
    )
    hosts, data = project.run("prod")["hosts"]
    assert hosts == [("192.0.2.1", {})]
    assert isinstance(data.pop("settings"), Settings)
    assert data == {
        "_sudo": True,
        "ssh_user": "me",
        "ssh_port": 2222,
        "ssh_key": "key",
        "ssh_known_hosts_file": str(project.inventories / "prod.known_hosts"),
        "ssh_strict_host_key_checking": "yes",
        "ssh_forward_agent": False,
        "inventory": "prod",
    }


@pytest.mark.parametrize(
    "user, options, sudo",
    [("root", {}, False), ("me", {}, True), ("root", {"ssh_user": "me"}, True)],
)
def test_root_needs_no_sudo(
    project: Project, user: str, options: dict[str, Any], sudo: bool
) -> None:
    project.values("prod", f'{TOML}[ssh]\nuser = "{user}"\n')
    _, data = project.run("prod", **options)["hosts"]
    assert data["_sudo"] is sudo


def test_an_inventory_has_one_group_and_nothing_that_looks_like_one(project: Project) -> None:
    project.values("prod")
    names = project.run("prod")
    groups = [
        name
        for name, value in names.items()
        if isinstance(value, list | tuple) and not name.startswith("_")
    ]
    assert groups == ["hosts"]


@pytest.mark.parametrize("pattern", ["shop.example", "shop.*", "hosts", "prod", "all"])
def test_patterns_that_match(project: Project, pattern: str) -> None:
    project.values("prod")
    assert project.run("prod", limit=(pattern,), exclude=())["hosts"]


@pytest.mark.parametrize(
    "limit, exclude, said",
    [
        (
            ("shop.exmaple",),
            (),
            "--limit shop.exmaple matches no host;"
            " the hosts are shop.example, the groups hosts, all, prod",
        ),
        ((), ("x",), "--exclude x matches no host; the hosts are shop.example, "),
        (("hosts", "x"), (), "--limit x matches no host; the hosts are shop.example, "),
        (("hosts",), ("shop.*",), "--limit and --exclude leave no host"),
    ],
)
def test_patterns_that_leave_no_host(
    project: Project, limit: tuple[str, ...], exclude: tuple[str, ...], said: str
) -> None:
    project.values("prod")
    with pytest.raises(OperatorError) as raised:
        project.run("prod", limit=limit, exclude=exclude)
    assert str(raised.value).startswith(said)


def test_vagrant_without_a_box(project: Project) -> None:
    project.box("exit 1")
    with pytest.raises(OperatorError) as raised:
        project.run("vagrant")
    assert str(raised.value) == (
        "no box demo is running: `make demo` boots one and does the rest,"
        " `vagrant/box up demo` only boots it"
    )


def test_vagrant_s_boxes(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.box('case $1 in ip) echo "address-of-$2";; key) echo /the/key;; esac')
    monkeypatch.setenv("BOXES", "web:jammy,db")
    monkeypatch.setenv("READYHOST_APP__DATABASE_POOL", "20")
    for _ in range(2):  # the second time with the secrets of the first
        hosts, data = project.run("vagrant")["hosts"]
        assert hosts == [
            ("web", {"ssh_hostname": "address-of-web"}),
            ("db", {"ssh_hostname": "address-of-db"}),
        ]
        assert data["settings"].addresses == ("web", "db")
        assert data["ssh_key"] == "/the/key"
    assert (project.inventories / "vagrant.env").stat().st_mode & 0o777 == 0o600
