"""What a host gets for an application whose services are elsewhere, or which has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from roles import app
from roles.core.entries import File
from roles.core.machine import Machine
from roles.core.plan import Plan
from roles.external import access
from roles.plan import plan
from roles.rules import RULES
from settings import Settings
from tests.unit.environments import settings
from tests.unit.environments.several import several

MACHINE = Machine.example()
HERE = {"postgres", "pgbouncer", "redis", "backup"}
DATABASE = "postgresql://tenant:pa%3Ass-5fd1e7@db.example/defaultdb"
REDIS = "rediss://:pa%3Ass-9c1@cache.example:6380/0"
EXTERNAL: dict[str, Any] = {
    "postgres": {"source": "external", "external": {"url": DATABASE}},
    "redis": {"source": "external", "external": {"url": REDIS}},
}


def made(of: Settings, release: app.Release | None = None) -> Plan:
    return plan(of, MACHINE, release or app.Release.example("python"))


def roles(of: Plan) -> set[str]:
    # The account of who fetches backups is there, or gone, on every host.
    return {part.role for part in of.parts if len(part.steps) > 1} & HERE


def text(of: Plan, role: str, path: str) -> str:
    found = [e for e in of.files(role) if isinstance(e, File) and e.path == path]
    return found[0].data.decode() if found else ""


def variables(of: Plan, file: str = "env") -> dict[str, str]:
    lines = text(of, "app", f"/etc/app/next/{file}").splitlines()
    return dict(line.split("=", 1) for line in lines if line and line[0] != "#")


def conflicts(of: Settings) -> list[str]:
    return [f"{conflict.keys[0]}: {conflict.message}" for rule in RULES for conflict in rule(of)]


def test_DB_11_an_application_that_is_only_files_has_neither() -> None:
    of = settings(app={"kind": "static", "mounts": [{"folder": "public"}]})
    plain = replace(app.Release.example(), procfile="")
    here = made(of, plain)
    assert roles(here) == set()
    assert not {"DATABASE_URL", "REDIS_URL", "DATABASE_POOL_SIZE"} & set(variables(here))
    assert "pgbackrest" not in [package for part in here.parts for package in part.packages]


def test_DB_11_none_needs_no_password() -> None:
    of = settings(postgres={"source": "none"}, redis={"source": "none"})
    values = {**of.model_dump(), "postgres": {"source": "none"}, "redis": {"source": "none"}}
    again = Settings(**values)
    assert roles(made(again)) == {"backup"}
    assert conflicts(again) == []


def test_DB_11_only_what_is_local_is_installed() -> None:
    assert roles(made(settings())) == HERE
    assert roles(made(settings(postgres={"source": "none"}))) == {"redis", "backup"}
    assert roles(made(settings(redis={"source": "none"}))) == HERE - {"redis"}
    assert roles(made(settings(**EXTERNAL))) == {"pgbouncer", "backup"}
    straight = {**EXTERNAL["postgres"]["external"], "pooled": False}
    of = settings(**{**EXTERNAL, "postgres": {"source": "external", "external": straight}})
    assert roles(made(of)) == {"backup"}


def test_DB_11_the_pooler_speaks_tls_for_the_application() -> None:
    here = made(settings(**EXTERNAL))
    main = text(here, "pgbouncer", "/etc/pgbouncer/pgbouncer.ini")
    assert "app = host=db.example port=5432 dbname='defaultdb' pool_size=80" in main
    assert "server_tls_sslmode = verify-full" in main
    assert "auth_query" not in main
    logins = text(here, "pgbouncer", "/etc/pgbouncer/logins.conf")
    assert logins == '"tenant" "pa:ss-5fd1e7"\n'
    told = variables(here)
    assert told["DATABASE_URL"] == "'postgresql://tenant:pa%3Ass-5fd1e7@127.0.0.1:6432/app'"
    assert told["REDIS_URL"] == f"'{REDIS}'"
    direct = variables(here, "release-env")["MIGRATION_DATABASE_URL"]
    assert "@db.example:5432/defaultdb?sslmode=verify-full&sslrootcert=" in direct


def test_DB_11_what_was_here_is_stopped_and_said_to_be_kept() -> None:
    told = ("left postgres /var/lib/postgresql/14/main", "left redis /var/lib/redis")
    there = replace(MACHINE, told=told)
    of = settings(postgres={"source": "none"})
    here = plan(of, there, app.Release.example("python"))
    assert [w for w in here.warnings if "NOT BACKED UP" in w] == [
        "PostgreSQL is not wanted here (postgres.source): it is stopped, its data is kept in"
        " /var/lib/postgresql/14/main and NOT BACKED UP any more. To let go of it, on the host:"
        " apt-get purge 'postgresql*'"
    ]
    assert not [w for w in made(of).warnings if "NOT BACKED UP" in w]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"postgres": {"source": "external"}},
            "postgres.external.url: postgres.source is external",
        ),
        ({"postgres": {"external": {"url": DATABASE}}}, "postgres.source: is local, but"),
        (
            {"postgres": {"source": "external", "external": {"url": DATABASE, "connections": 20}}},
            "pgbouncer.pool_size: PgBouncer's connections (pgbouncer.pool_size) are 80, but",
        ),
        (
            {
                "postgres": {"source": "none"},
                "app": {"names": {"PGHOST": "{database.host}"}},
            },
            "app.names.PGHOST: {database.host}: this application has none",
        ),
        (
            {"redis": {"source": "external", "external": {"url": REDIS, "ca_file": "none.pem"}}},
            "redis.external.ca_file: none.pem: No such file",
        ),
    ],
)
def test_DB_11_what_cannot_be_is_refused(values: dict[str, Any], said: str) -> None:
    assert [each for each in conflicts(settings(**values)) if each.startswith(said)]


def test_DB_11_each_of_several_says_for_itself() -> None:
    of = several(
        shop={
            "database": {"source": "external", "external": {"url": DATABASE}},
            "redis": {"source": "none"},
        }
    )
    assert conflicts(of) == []
    releases = {"shop": app.Release.example("python"), "blog": app.Release.example("node")}
    here = plan(of, MACHINE, releases)
    main = text(here, "pgbouncer", "/etc/pgbouncer/pgbouncer.ini")
    assert "shop = host=db.example" in main
    assert "blog = host=/run/postgresql" in main
    clients = text(here, "pgbouncer", "/etc/pgbouncer/clients.conf").split("\n")
    mine = next(n for n, line in enumerate(clients) if '"tenant"' in line)
    assert clients[mine + 1].split() == ["host", "shop", "all", "0.0.0.0/0", "reject"]
    wanted = [step for step in here.steps if step.name == "PostgreSQL | roles and databases"]
    assert '"shop"' not in wanted[0].wants()


def test_DB_11_users_of_one_name_cannot_be_told_apart() -> None:
    same = DATABASE.replace("tenant", "blog")
    of = several(shop={"database": {"source": "external", "external": {"url": same}}})
    assert any("knows another user 'blog' already" in each for each in conflicts(of))


def test_DB_11_a_password_inside_of_an_address_is_masked_alone() -> None:
    said = {each.get_secret_value() for each in access.secrets(settings(**EXTERNAL))}
    assert said == {"pa:ss-5fd1e7", "pa%3Ass-5fd1e7", "pa:ss-9c1", "pa%3Ass-9c1"}
