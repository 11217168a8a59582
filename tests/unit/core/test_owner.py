"""Whose a host is, and what others have on it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from roles.core import foreign
from roles.core.errors import OperatorError
from roles.core.foreign import Foreign, Ours
from roles.core.owner import SEVERAL, Owner, require
from roles.core.run_lock import Answer

PROD = Owner("prod", "shop", "shop.example", "shop")


def of(owner: Owner) -> Answer:
    return Answer(owner={"since": "2026-01-01", **vars(owner)})


@pytest.mark.parametrize(
    "other",
    [
        Owner("staging", "shop", "shop.example", "shop"),
        Owner("prod", "blog", "shop.example", "shop"),
        Owner("prod", "shop", "other.example", "other"),
    ],
)
def test_another_owner_is_refused_and_may_be_named(other: Owner) -> None:
    with pytest.raises(OperatorError, match=f"belongs to {other} .*base.take_over={other};"):
        require(of(other), PROD, None)
    with pytest.raises(OperatorError):
        require(of(other), PROD, "somebody/else")
    require(of(other), PROD, str(other))


@pytest.mark.parametrize(
    "same",
    [
        PROD,
        Owner("prod", "shop", "new.example", "shop"),
        Owner("prod", "shop", "shop.example", "moved"),
    ],
)
def test_an_owner_may_move(same: Owner) -> None:
    require(of(same), PROD, None)


def test_APP_13_one_that_becomes_one_of_several_is_told_to_keep_its_name() -> None:
    said = r"Is it one of these, call its table \[apps.shop\]"
    with pytest.raises(OperatorError, match=said):
        require(of(PROD), Owner("prod", SEVERAL, "blog.example,shop.example"), None)
    with pytest.raises(OperatorError) as raised:
        require(of(PROD), Owner("prod", SEVERAL, "blog.example"), None)
    assert "[apps.shop]" not in str(raised.value)


def test_a_host_from_before_owners_is_known_by_its_application() -> None:
    require(Answer(apps=["shop"]), PROD, None)
    require(Answer(), PROD, None)
    with pytest.raises(OperatorError, match="belongs to unknown/blog"):
        require(Answer(apps=["blog"]), PROD, None)


PORTS = {80: Ours("nginx", "Nginx"), 5432: Ours("postgres", "postgres.port")}


def found(*lines: str) -> Foreign:
    values: dict[str, list[str]] = {}
    for line in lines:
        key, _, value = line.partition(" ")
        values.setdefault(key, []).append(value)
    return foreign.parse(values)


def in_the_way(*lines: str) -> list[str]:
    return list(foreign.in_the_way(found(*lines), PORTS))


def test_a_program_at_our_port_is_named_once() -> None:
    apache = "apache2 812 apache2.service"
    assert in_the_way(f"listens *:80 {apache}", f"listens [::]:80 {apache}", "listens *:22") == [
        "port 80 (Nginx) is held by apache2: stop it for good"
        " (systemctl disable --now apache2.service), or remove it"
    ]


@pytest.mark.parametrize(
    ("listener", "way"),
    [
        ("docker-proxy 812 docker.service", "docker ps --filter publish=80"),
        ("systemd 1 init.scope", "systemctl list-sockets"),
        ("python3 812 session-3.scope", "end it (process 812)"),
        ("", "held by the kernel"),
    ],
)
def test_the_way_to_end_it_is_named(listener: str, way: str) -> None:
    assert way in in_the_way(f"listens 0.0.0.0:80 {listener}")[0]


def test_our_own_programs_are_not_in_the_way() -> None:
    assert in_the_way("listens 0.0.0.0:80 nginx 1 nginx.service") == []
    assert in_the_way("listens 127.0.0.1:5432 postgres 1 postgresql@14-main.service") == []
    assert in_the_way("listens 172.17.0.1:5432 docker-proxy 1 docker.service") == []


def test_HOST_09_another_instance_of_our_own_program_is_in_the_way() -> None:
    ports = {6380: Ours("redis-server", "redis.port", "redis-server.service")}
    listens = "listens 127.0.0.1:6380 redis-server 1"
    assert list(foreign.in_the_way(found(f"{listens} redis-server.service"), ports)) == []
    (said,) = foreign.in_the_way(found(f"{listens} redis-server@two.service"), ports)
    assert "port 6380 (redis.port) is held by redis-server" in said


@pytest.mark.parametrize(
    ("has", "stamp", "asked"),
    [
        ("port 6379", "redis.reload", 0),
        ("port 6379", "other", 1),
        ("port 6380", "redis.reload", 1),
        ("", "redis.reload", 1),
    ],
)
def test_HOST_09_who_listens_is_asked_where_a_port_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has: str, stamp: str, asked: int
) -> None:
    """It takes longer than all else, so not where our own files have the ports."""
    (tmp_path / "redis.conf").write_text(f"{has}\nappendonly yes\n")
    (tmp_path / "stamps").mkdir()
    for name in ("redis.restart", stamp):
        (tmp_path / "stamps" / name).touch()
    monkeypatch.setattr(foreign, "STATE", str(tmp_path))
    shell = "unserved() { false; }; listening() { echo listens; }\n"
    monkeypatch.setattr(foreign, "_LISTENING", shell)
    question = foreign.ask({f"{tmp_path}/*.conf": ("port 6379", "redis")})
    said = subprocess.run(["sh", "-c", question], capture_output=True, text=True, check=False)
    assert said.stdout.split() == ["listens"] * asked


def test_a_database_that_runs_on_a_new_host_is_somebody_elses() -> None:
    assert in_the_way("unmanaged", "listens 0.0.0.0:80 nginx 1 nginx.service") == []
    (problem,) = in_the_way("unmanaged", "listens 127.0.0.1:5432 postgres 1 pg.service")
    assert "port 5432 (postgres.port) is held by postgres" in problem


def test_sites_and_data_are_named() -> None:
    said = foreign.would_end(
        found(
            "site /etc/nginx/sites-enabled/blog",
            "cluster /var/lib/postgresql/14/main",
            "cache /var/lib/redis/dump.rdb",
        )
    )
    words = ("sites-enabled/blog", "pg_dropcluster --stop 14 main", "dump.rdb")
    assert all(word in line for word, line in zip(words, said, strict=True))
