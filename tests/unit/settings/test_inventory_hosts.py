"""Which hosts an inventory has, how each is reached, and what it says where there are none."""

from __future__ import annotations

from typing import Any

import pytest

from roles.core.errors import OperatorError
from settings import Settings

from .conftest import TOML, Project


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
