"""All passwords changed under load, and back again: nobody notices, the former ones are over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests.host.application import environ, units
from tests.host.conftest import DOMAIN, Host
from tests.host.database import connect, settings, superuser, tunnel, value
from tests.host.stages import once_at_all
from tests.support.wrk import Load, meanwhile

from .cache import as_operator, main_process, say

pytestmark = once_at_all

NEW = {
    "READYHOST_POSTGRES__PASSWORD": "91c06a7d53fe42b8a0c4",
    "READYHOST_REDIS__PASSWORD": "4d1f7e0ab95c4b2e8a6f",
    "READYHOST_APP__SECRET_KEY": "e2c8417fa9b05d3687c4aa01",
}
CLIENTS = 50
THINK = 200  # milliseconds


@dataclass
class Seen:
    """Two rotations, there and back: environments before each and at the end, loads, and what a
    session of the second login saw in between."""

    environments: list[dict[str, str]]
    loads: list[Load]
    redis: list[tuple[str, int]]
    refused: dict[str, str]
    session: dict[str, str]


def login(environment: dict[str, str], name: str) -> tuple[str, str]:
    parts = urlsplit(environment[name])
    return unquote(parts.username or ""), unquote(parts.password or "")


@pytest.fixture(scope="module")
def seen(box: Host) -> Iterator[Seen]:
    environments, loads, redis = [], [], []
    first = environ(box, units(box, "web")[0])
    environments.append(first)
    redis.append(_redis(box))
    for new in (NEW, {}):
        # It asks the database and the cache.
        with meanwhile(box.ip, DOMAIN, "/health", CLIENTS, think=THINK) as load:
            box.converge(**new)
        assert load.load
        loads.append(load.load)
        environments.append(environ(box, units(box, "web")[0]))
        redis.append(_redis(box))
        if new:
            refused = _refused(box, first)
            session = _session(box, environments[-1])
    yield Seen(environments, loads, redis, refused, session)


def _redis(box: Host) -> tuple[str, int]:
    """Its process, and the seconds that it has been up."""
    up = next(x for x in as_operator(box, "INFO server") if x.startswith("uptime_in_seconds"))
    return main_process(box), int(up.split(":")[1])


def _refused(box: Host, former: dict[str, str]) -> dict[str, str]:
    """What each door says to the former passwords; empty: it lets them in."""
    said = {}
    user, password = login(former, "DATABASE_URL")
    for door in ("pgbouncer", "postgres"):
        with tunnel(box, getattr(settings(box), door).port) as port:
            try:
                connect(port, user=user, password=password, dbname="app").close()
                said[door] = ""
            except psycopg.OperationalError as error:
                said[door] = str(error)
    user, password = login(former, "REDIS_URL")
    said["redis"] = say(box, f"AUTH {user} {password}")[0]
    said["redis without a name"] = say(box, f"AUTH {password}")[0]
    return said


def _session(box: Host, now: dict[str, str]) -> dict[str, str]:
    """What a session of the present login is, on a pooled connection that had others before."""
    user, password = login(now, "DATABASE_URL")
    answers = {}
    with tunnel(box, settings(box).pgbouncer.port) as port:
        for _ in range(3):
            with connect(port, user=user, password=password, dbname="app") as session:
                answers["pid"] = value(session, "SELECT pg_backend_pid()")
                answers["session"] = value(session, "SELECT session_user")
                answers["current"] = value(session, "SELECT current_user")
                answers["timeout"] = value(session, "SHOW statement_timeout")
                session.execute("CREATE TABLE IF NOT EXISTS made_by_the_second (n int)")
                session.execute("SET statement_timeout = 1000; RESET ROLE; SET ROLE NONE")
    owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'made_by_the_second'"
    answers["owner"] = superuser(box, owner, "app")
    superuser(box, "DROP TABLE made_by_the_second", "app")
    return answers


@pytest.mark.timeout(600)
def test_DB_10_no_request_is_lost_and_the_former_password_is_over(seen: Seen) -> None:
    assert [load.errors for load in seen.loads] == [0, 0], seen.loads
    assert min(load.requests for load in seen.loads) > CLIENTS * 10
    before, between, after = seen.environments
    assert login(between, "DATABASE_URL") == ("app_b", NEW["READYHOST_POSTGRES__PASSWORD"])
    assert between["SECRET_KEY"] == NEW["READYHOST_APP__SECRET_KEY"]
    assert after["DATABASE_URL"] == before["DATABASE_URL"]
    assert all(seen.refused[door] for door in ("pgbouncer", "postgres")), seen.refused


def test_DB_10_the_second_login_is_the_owner_with_the_same_limits(seen: Seen) -> None:
    expected = {"session": "app_b", "current": "app", "owner": "app", "timeout": "1min"}
    assert expected.items() <= seen.session.items(), seen.session


def test_DB_10_only_one_login_has_a_password(box: Host, seen: Seen) -> None:
    sql = "SELECT rolname FROM pg_authid WHERE rolname LIKE 'app%' AND rolpassword IS NOT NULL"
    assert superuser(box, sql) == "app"


def test_CACHE_05_redis_runs_on_and_the_former_password_is_over(seen: Seen) -> None:
    assert len({process for process, _ in seen.redis}) == 1, seen.redis
    up = [seconds for _, seconds in seen.redis]
    assert up == sorted(up)
    assert up[0] < up[-1]
    assert login(seen.environments[1], "REDIS_URL")[1] == NEW["READYHOST_REDIS__PASSWORD"]
    assert seen.refused["redis"].startswith("WRONGPASS")
    assert seen.refused["redis without a name"].startswith("WRONGPASS")
