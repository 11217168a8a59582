"""Services from elsewhere, or none: an application whose PostgreSQL, Redis and bucket are at a
provider, beside one that is only files and has neither."""

from __future__ import annotations

import http.client
import os
import shlex
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import project
from tests.support.mongo import Stand
from tests.support.provider import ENCODED, NAME, PASSWORD, Provider, certificates
from tests.support.storage import ADDRESS, BUCKET, Storage
from tests.support.suites import suites
from vagrant.driver import PYINFRA, Box, Completed
from vagrant.example import commit, git
from vagrant.running import changes

pytestmark = pytest.mark.timeout(900)

SERVER = """
import http.server, os, socketserver, subprocess

def said(command):
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    return (done.stdout.split("\\n")[0] or done.stderr).strip()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        row = said('psql -XAt "$DATABASE_URL" -c "SELECT word FROM mine"')
        kept = said('redis-cli --no-auth-warning -u "$REDIS_URL" --cacert "$REDIS_CA_FILE" GET k')
        body = f"{row} {kept} {os.environ['BUCKET']}\\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "nginx"

class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

Server(os.environ["SOCKET"], Handler).serve_forever()
"""
MIGRATE = """#!/bin/sh -e
psql -Xq "$MIGRATION_DATABASE_URL" <<'END'
CREATE TABLE IF NOT EXISTS mine (word text);
TRUNCATE mine; INSERT INTO mine VALUES ('row');
END
redis-cli --no-auth-warning -u "$REDIS_URL" --cacert "$REDIS_CA_FILE" SET k value
"""
PROCFILE = "web: python3 server.py\nrelease: sh migrate.sh\n"
TOML = """
hosts = ["{ip}"]
[ssh]
user = "vagrant"
key = "{key}"
[backup]
local_only = true
[pgbouncer]
pool_size = 40
[apps.site]
repository = "{place}/site"
domain = "site.example"
kind = "static"
tag = "v1.0.0"
mounts = [{{folder = "public"}}]
[apps.shop]
repository = "{place}/shop"
domain = "shop.example"
kind = "command"
tag = "v1.0.0"
share = 90
web.instances = 1
watch.seconds = 0
names.BUCKET = "{{storage.bucket}}"
[apps.shop.database]
source = "external"
external.ca_file = "{folder}/ca.pem"
extensions = ["pg_trgm"]
[apps.shop.redis]
source = "external"
external.ca_file = "{folder}/ca.pem"
[apps.shop.mongodb]
ca_file = "{mongo}/ca.pem"
[apps.shop.storage]
bucket = "{bucket}"
endpoint = "https://10.0.3.1:{port}"
ca_file = "{storage}/ca.pem"
"""
MONGO = "mongo.provider.test"
SHOP = "READYHOST_APPS__SHOP__"


@dataclass
class Team:
    """A host, the provider, a storage, and the operator's copy of the project."""

    box: Box
    provider: Provider
    storage: Storage
    mongo: Stand
    clone: Path
    place: Path

    def secrets(self) -> dict[str, str]:
        return {
            "READYHOST_APPS__SITE__SECRET_KEY": "site7b1f0e4d6c9a4f2e8d",
            f"{SHOP}SECRET_KEY": "shop7b1f0e4d6c9a4f2e8d",
            f"{SHOP}DATABASE__EXTERNAL__URL": self.provider.database(),
            f"{SHOP}REDIS__EXTERNAL__URL": self.provider.redis(),
            f"{SHOP}MONGODB__URI": self.mongodb(),
            f"{SHOP}STORAGE__KEY": self.storage.owner.name,
            f"{SHOP}STORAGE__SECRET": self.storage.owner.secret,
            "READYHOST_BACKUP__PASSPHRASE": "9a2c4e6f8b1d3507a4c6e8f0b2d41637",
        }

    def mongodb(self, password: str = ENCODED) -> str:
        return (
            f"mongodb://team:{password}@{MONGO}:{self.mongo.port}/shop?tls=true"
            "&authSource=admin&authMechanism=SCRAM-SHA-256&directConnection=true"
        )

    def write(self) -> None:
        text = TOML.format(
            ip=self.box.ip, key=self.box.key, place=self.place, folder=self.provider.folder,
            bucket=BUCKET, port=self.storage.port, storage=self.storage.folder,
            mongo=self.place / "mongo",
        )  # fmt: skip
        (self.clone / "inventories" / "prod.toml").write_text(text)
        file = self.clone / "inventories" / "prod.env"
        file.write_text("".join(f"{key}={value}\n" for key, value in self.secrets().items()))
        file.chmod(0o600)

    def run(self, *arguments: str, deploy: str = "deploy.py", **values: str) -> Completed:
        """A run; `values` outrank what is in the files."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("READYHOST_")}
        return subprocess.run(
            [str(PYINFRA), "-y", "inventories/prod.py", deploy, *arguments],
            cwd=self.clone, env={**kept, **values, "PYTHONPATH": str(self.clone)}, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=600, check=False,
        )  # fmt: skip

    def answer(self, app: str, path: str = "/") -> str:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        raw = socket.create_connection((self.box.ip, 443), timeout=10)
        with raw, context.wrap_socket(raw, server_hostname=f"{app}.example") as stream:
            lines = f"GET {path} HTTP/1.1\r\nHost: {app}.example\r\nConnection: close\r\n\r\n"
            stream.sendall(lines.encode())
            answer = http.client.HTTPResponse(stream)
            answer.begin()
            return f"{answer.status} {answer.read().decode().strip()}"


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


def test_DB_11_what_is_backed_up_is_told_and_proved(team: Team) -> None:
    team.box.ssh("printf kept >/srv/shop/uploads/kept; backup files; backup drill", timeout=300)
    assert team.box.run("backup watch").stdout == ""
    no = team.box.run("backup database full")
    assert no.returncode != 0
    assert "no database is on this host" in no.stderr + no.stdout


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


def test_DB_11_an_operator_gets_to_it(team: Team) -> None:
    def readyhost(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "readyhost.command", "prod", *arguments], cwd=team.clone,
            env={**os.environ, "PYTHONPATH": str(team.clone)}, text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ).stdout  # fmt: skip

    row = ("psql", "--application", "shop", "--", "-XAtc", "SELECT word FROM mine")
    assert readyhost(*row).split()[-1] == "row"
    assert readyhost("redis-cli", "--application", "shop", "--", "GET", "k").split()[-1] == "value"
    assert "site has no database: its source is none" in readyhost(
        "psql", "--application", "site", "--", "-c", shlex.quote("SELECT 1")
    )
