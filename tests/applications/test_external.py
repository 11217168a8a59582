"""Services from elsewhere, or none: an application whose PostgreSQL, Redis and bucket are at a
provider, beside one that is only files and has neither."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest

from tests.support import project
from tests.support.mongo import Stand
from tests.support.provider import NAME, PASSWORD, Provider, certificates
from tests.support.storage import ADDRESS, BUCKET, Storage
from tests.support.suites import suites
from vagrant.driver import Box
from vagrant.example import commit, git
from vagrant.running import changes

from .team import MIGRATE, MONGO, PROCFILE, SERVER, SHOP, Team

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    place = tmp_path_factory.mktemp("external")
    files = {"server.py": SERVER, "migrate.sh": MIGRATE, "Procfile": PROCFILE}
    for name, texts in {"shop": files, "site": {"public/index.html": "only files\n"}}.items():
        for path, text in texts.items():
            (place / name / path).parent.mkdir(parents=True, exist_ok=True)
            (place / name / path).write_text(text)
        git(place / name, "init", "-q", "-b", "main")
        commit(place / name, "v1.0.0")
    suite = suites()[-1]
    storage = Storage.start(place / "storage")
    certificates(place / "mongo", MONGO)
    mongo = Stand(ADDRESS, place / "mongo", PASSWORD)
    provider = Provider.start("provider", suite, place / "provider")
    box = Box.boot("elsewhere", suite)
    box.ssh(f"printf '%s\\n' '{provider.box.ip} {NAME}' '{ADDRESS} {MONGO}' >>/etc/hosts")
    clone = project.copy(place / "readyhost")
    project.know(clone, box.ip)
    both = Team(box, provider, storage, mongo, clone, place)
    both.write()
    yield both
    storage.stop()
    mongo.shutdown()
    for one in (box, provider.box):
        one.destroy()


def refused(team: Team, *, bare: bool, **values: str) -> str:
    """What a run says that changed nothing. bare: of a host that had no run yet."""
    done = team.run(**values)
    assert done.returncode != 0, done.stdout
    assert "Nothing has been changed" in done.stdout, done.stdout
    for secret in (PASSWORD, team.provider.database(), "wrong-password"):
        assert secret not in done.stdout
    if bare:
        assert team.box.ssh("ls /etc/nginx /var/lib/readyhost/manifest 2>/dev/null || :") == ""
    return done.stdout


def test_DB_11_nothing_is_changed_before_all_of_it_answers(team: Team) -> None:
    wrong_ca = {
        f"{SHOP}DATABASE__EXTERNAL__CA_FILE": f"{team.provider.folder}/wrong.pem",
        f"{SHOP}REDIS__EXTERNAL__CA_FILE": f"{team.provider.folder}/wrong.pem",
    }
    said = refused(team, bare=True, **wrong_ca)
    assert "apps.shop.database.external.url: its certificate is refused" in said
    assert "apps.shop.redis.external.url: its certificate is refused" in said
    wrong_password = {
        f"{SHOP}DATABASE__EXTERNAL__URL": team.provider.database("wrong-password"),
        f"{SHOP}REDIS__EXTERNAL__URL": team.provider.redis("wrong-password"),
        f"{SHOP}MONGODB__URI": team.mongodb("wrong-password"),
        f"{SHOP}STORAGE__SECRET": "wrong-password-of-the-bucket",
        f"{SHOP}DATABASE__EXTENSIONS": '["pg_trgm"]',
    }
    said = refused(team, bare=True, **wrong_password)
    assert "apps.shop.database.external.url: password authentication failed" in said
    assert "apps.shop.redis.external.url: invalid username-password pair" in said
    assert "apps.shop.mongodb.uri: Authentication failed" in said
    assert "apps.shop.storage: it takes no object (403 SignatureDoesNotMatch)" in said
    team.provider.box.ssh("systemctl stop postgresql redis-server")
    try:
        said = refused(team, bare=True)
    finally:
        team.provider.box.ssh("systemctl start postgresql redis-server")
    assert "apps.shop.database.external.url: nothing answers there" in said
    more = {f"{SHOP}DATABASE__EXTENSIONS": '["vector"]'}
    assert "it has no extension vector (apps.shop.database.extensions)" in refused(
        team, bare=True, **more
    )
    many = {"READYHOST_PGBOUNCER__POOL_SIZE": "80"}
    assert "it gives 57 connections, but PgBouncer's connections (pgbouncer.pool_size)" in refused(
        team, bare=True, **many
    )


def test_DB_11_the_provider_is_used_and_nothing_of_it_is_installed(team: Team) -> None:
    done = team.run()
    assert done.returncode == 0, done.stdout
    assert "apps.shop.database.external.url: extensions that are wanted" in done.stdout
    assert team.answer("shop") == f"200 row value {BUCKET}"
    assert team.answer("site") == "200 only files"
    asked = "dpkg-query -W -f '${db:Status-Status} ${Package}\\n' 'postgresql-[0-9]*' redis-server"
    there = team.box.run(f"{asked} | grep ^installed")
    assert there.stdout.split() == []
    assert team.box.run("ss -Hltn '( sport = :5432 or sport = :6379 )'").stdout == ""
    tls = team.provider.say(
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
        " WHERE usename = 'tenant' AND NOT ssl"
    )
    assert tls == "0"
    variables = team.box.ssh(
        "sed -n 's/=.*//p' /etc/site/$(basename $(readlink /srv/site/live))/env"
    )
    assert not {"DATABASE_URL", "REDIS_URL", "DATABASE_POOL_SIZE"} & set(variables.split())
    assert changes(team.run().stdout) == {}


FALSE = {"APP-10", "MON-06", "WEB-02"}
"""Nobody is told of errors, nobody notices a dead host, no browser trusts the certificate."""


def test_RPT_01_each_application_is_looked_at_as_what_it_is(team: Team) -> None:
    """One of files alone, one whose database is elsewhere."""
    said = project.pyinfra(team.clone, "ready.py").stdout
    (written,) = (team.clone / "reports" / "prod").glob("ready.json")
    (host,) = json.loads(written.read_text())["hosts"].values()
    lines = host["lines"]
    assert {id for id, line in lines.items() if line["outcome"] == "false"} == FALSE, said
    assert "not understood" not in said
    assert "database.source is external" in lines["DB-01"]["evidence"]
    assert lines["WEB-04"]["outcome"] == "true"
    assert "site: " in lines["LOG-01"]["evidence"] and "shop: " in lines["LOG-01"]["evidence"]
    for secret in (PASSWORD, team.provider.database()):
        assert secret not in said + written.read_text()


def test_DB_11_what_is_backed_up_is_told_and_proved(team: Team) -> None:
    team.box.ssh("printf kept >/srv/shop/uploads/kept; backup files; backup drill", timeout=300)
    assert team.box.run("backup watch").stdout == ""
    no = team.box.run("backup database full")
    assert no.returncode != 0
    assert "no database is on this host" in no.stderr + no.stdout


def test_DB_11_an_operator_gets_to_it(team: Team) -> None:
    said = team.readyhost("psql", "--application", "shop", "--", "-XAtc", "SELECT word FROM mine")
    assert said.split()[-1] == "row", said
    said = team.readyhost("redis-cli", "--application", "shop", "--", "GET", "k")
    assert said.split()[-1] == "value", said
    said = team.readyhost("psql", "--application", "site", "--", "-c", shlex.quote("SELECT 1"))
    assert "site has no database: its source is none" in said, said


LOCAL = """
[apps.site.database]
source = "local"
"""


def test_DB_11_a_database_that_goes_is_stopped_and_kept(team: Team) -> None:
    file = team.clone / "inventories" / "prod.toml"
    before = file.read_text()
    word = {"READYHOST_APPS__SITE__DATABASE__PASSWORD": "site-data-7b1f0e4d6c9a4f2e8d3b"}
    sql = "cd / && runuser -u postgres -- psql -XAtd site -c"
    file.write_text(before + LOCAL)
    done = team.run(**word)
    assert done.returncode == 0, done.stdout
    team.box.ssh(f"{sql} 'CREATE TABLE mine AS SELECT 7 AS n'")
    assert team.answer("shop") == f"200 row value {BUCKET}"
    file.write_text(before)
    done = team.run()
    assert done.returncode == 0, done.stdout
    assert "NOT BACKED UP any more" in done.stdout.splitlines()[-1] + done.stdout
    assert team.box.run("ss -Hltn 'sport = :5432'").stdout == ""
    assert team.box.run("systemctl is-enabled postgresql").stdout.strip() == "disabled"
    assert team.answer("shop") == f"200 row value {BUCKET}"
    again = team.run()
    assert changes(again.stdout) == {}
    assert "NOT BACKED UP any more" in again.stdout
    file.write_text(before + LOCAL)
    done = team.run(**word)
    assert done.returncode == 0, done.stdout
    assert team.box.ssh(f"{sql} 'SELECT n FROM mine'").strip() == "7"
