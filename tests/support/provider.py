"""A provider's PostgreSQL and Redis on a box of their own, by TLS with an authority of its own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from vagrant.driver import Box

NAME = "db.provider.test"
PASSWORD = "kQ9/provider:secret@5fd1e7"  # with what has to be encoded
ENCODED = "kQ9%2Fprovider%3Asecret%405fd1e7"
DATABASE = "defaultdb"

SET_UP = f"""
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update && apt-get -qq install -y postgresql redis-server >/dev/null
here=$(echo /etc/postgresql/*/main)
for who in postgres redis; do
  install -d -o $who -m 700 /etc/tls-$who
  install -o $who -m 600 /root/server.key /root/server.pem /root/ca.pem /etc/tls-$who
done
cat >$here/conf.d/provider.conf <<'END'
listen_addresses = '*'
max_connections = 60
ssl_cert_file = '/etc/tls-postgres/server.pem'
ssl_key_file = '/etc/tls-postgres/server.key'
password_encryption = 'scram-sha-256'
END
echo 'hostssl {DATABASE} all 0.0.0.0/0 scram-sha-256' >>$here/pg_hba.conf
cat >>/etc/redis/redis.conf <<'END'
bind 0.0.0.0
port 0
tls-port 6380
tls-cert-file /etc/tls-redis/server.pem
tls-key-file /etc/tls-redis/server.key
tls-ca-cert-file /etc/tls-redis/ca.pem
tls-auth-clients no
requirepass {PASSWORD}
END
systemctl restart postgresql redis-server
cd / && runuser -u postgres -- psql -Xq -c "CREATE ROLE tenant LOGIN PASSWORD '{PASSWORD}'" \\
  -c "CREATE DATABASE {DATABASE} OWNER tenant"
"""


@dataclass
class Provider:
    """Its box, and the folder with its authority (`ca.pem`) and one that is nobody's."""

    box: Box
    folder: Path

    @classmethod
    def start(cls, name: str, suite: str, folder: Path) -> Provider:
        box = Box.boot(name, suite, {})
        certificates(folder)
        for file in ("server.key", "server.pem", "ca.pem"):
            text = (folder / file).read_text()
            box.ssh(f"umask 077; cat >/root/{file}", stdin=text)
        box.ssh(SET_UP, timeout=400)
        return cls(box, folder)

    @staticmethod
    def database(password: str = ENCODED) -> str:
        return f"postgresql://tenant:{password}@{NAME}:5432/{DATABASE}?sslmode=require"

    @staticmethod
    def redis(password: str = ENCODED) -> str:
        return f"rediss://default:{password}@{NAME}:6380/0"

    def say(self, statement: str) -> str:
        """What its own superuser is told."""
        command = f"cd / && runuser -u postgres -- psql -XAtd {DATABASE}"
        return self.box.ssh(command, stdin=statement).strip()


def certificates(folder: Path, name: str = NAME) -> None:
    """ca.pem, which signed server.pem (server.key) for `name`, and wrong.pem, which did not."""

    openssl = partial(_openssl, folder)
    folder.mkdir(exist_ok=True)
    key = ("-newkey", "rsa:2048", "-nodes")
    for ca in ("ca", "wrong"):
        subject = ("-subj", f"/CN={ca}", "-addext", "basicConstraints=critical,CA:TRUE")
        openssl("req", "-x509", *key, "-keyout", f"{ca}.key", "-out", f"{ca}.pem", *subject)
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={name}")
    (folder / "names").write_text(f"subjectAltName=DNS:{name}\n")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names")
    openssl("x509", "-req", "-in", "server.csr", *signed, "-days", "2", "-out", "server.pem")


def shown(folder: Path) -> None:
    """What clients show: ours.pem (ours.key), which ca.pem signed, and theirs.pem, which wrong.pem
    did."""
    for name, ca in (("ours", "ca"), ("theirs", "wrong")):
        new = ("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}")
        _openssl(folder, *new, "-keyout", f"{name}.key", "-out", f"{name}.csr")
        signed = ("-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", "2")
        _openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
