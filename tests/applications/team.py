"""A host whose services are a provider's, and the operator's copy of the project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support import project, site
from tests.support.mongo import Stand
from tests.support.provider import ENCODED, Provider
from tests.support.storage import BUCKET, Storage
from vagrant.driver import Box, Completed

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
share_percent = 90
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

    def run(self, **values: str) -> Completed:
        """A run; `values` outrank what is in the files."""
        return project.pyinfra(self.clone, "deploy.py", **values)

    def readyhost(self, *arguments: str) -> str:
        return project.readyhost(self.clone, *arguments).stdout

    def answer(self, app: str) -> str:
        """What the site of an application says."""
        return site.asked(self.box.ip, f"{app}.example")
