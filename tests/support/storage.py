"""An off-site storage: a server on this machine that speaks S3, with a certificate of its own."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from .rights import ADD, Key, Signed, Users
from .server import started

ADDRESS = "10.0.3.1"  # this machine, as the boxes see it
BUCKET = "shop-backup"
HOST = "host"  # whose key it is
AUTHORITY = "/etc/ssl/storage.pem"  # its certificate, on a box
VERSIONING = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
LOCK = (
    "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>"
    "<DefaultRetention><Mode>COMPLIANCE</Mode><Days>{days}</Days></DefaultRetention>"
    "</Rule></ObjectLockConfiguration>"
)


@dataclass
class Storage:
    """A running server with an empty bucket that keeps what is deleted there; `key` is the one
    that docs/backup-copies.md gives to a host."""

    folder: Path
    port: int
    processes: list[subprocess.Popen[bytes]]
    owner: Key = field(init=False)
    key: Key = field(init=False)

    @classmethod
    def start(cls, folder: Path) -> Storage:
        """Start one. `folder` takes its certificate and its log."""
        folder.mkdir(exist_ok=True)
        certificate(folder)
        port = free(ADDRESS)
        storage = cls(folder, port, _serve(folder, port, free("127.0.0.1")))
        storage.wait()
        with storage.client() as client:
            users = Users(client)
            with users.unguarded():
                storage.owner = users.add("owner", ["s3:*"], "*")
        storage.key = storage.make(BUCKET, HOST)
        return storage

    def make(self, bucket: str, host: str, *, locked: int = 0) -> Key:
        """A new bucket that keeps what is deleted there, and the key of a host that may add to it.
        locked: days for which nobody removes a version, none for 0."""
        with self.client() as client:
            users = Users(client)
            with users.unguarded():
                lock = {"x-amz-bucket-object-lock-enabled": "true"} if locked else {}
                client.put(f"/{bucket}", headers=lock).raise_for_status()
                client.put(f"/{bucket}?versioning", content=VERSIONING).raise_for_status()
                if locked:
                    words = LOCK.format(days=locked)
                    client.put(f"/{bucket}?object-lock", content=words).raise_for_status()
                return users.add(host, ADD, bucket)

    def wait(self, seconds: float = 30) -> None:
        """Wait until it answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                with self.client() as client:
                    if client.get("/moto-api/").is_success:
                        return
            except httpx.TransportError:
                pass
            dead = [each for each in self.processes if each.poll() is not None]
            assert not dead, (self.folder / "log").read_text()
            assert time.monotonic() < end, "the storage does not answer"
            time.sleep(0.2)

    def client(self, key: Key | None = None) -> httpx.Client:
        """Somebody who has a key, or none."""
        trust = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        where = f"https://{ADDRESS}:{self.port}"
        return httpx.Client(
            base_url=where, verify=trust, timeout=30, auth=Signed(key) if key else None
        )

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """The host's key opens nothing, as when it has expired."""
        with self.client() as client:
            users = Users(client)
            with users.unguarded():
                users.allow(HOST, ["s3:ListAllMyBuckets"], BUCKET)
            try:
                yield
            finally:
                with users.unguarded():
                    users.allow(HOST, ADD, BUCKET)

    def stop(self) -> None:
        # It keeps nothing that is needed again, and takes long to end of its own accord.
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(30)

    def values(self, bucket: str = BUCKET, key: Key | None = None) -> dict[str, str]:
        """Settings of a box whose off-site copy is here."""
        prefix, key = "READYHOST_BACKUP__OFFSITE__", key or self.key
        return {
            f"{prefix}BUCKET": bucket,
            f"{prefix}ENDPOINT": ADDRESS,
            f"{prefix}PORT": str(self.port),
            f"{prefix}CA_FILE": AUTHORITY,
            f"{prefix}KEY": key.name,
            f"{prefix}SECRET": key.secret,
        }

    @property
    def authority(self) -> str:
        """The certificate that a box must trust."""
        return (self.folder / "ca.pem").read_text()


# The engine closes connections without saying so, which OpenSSL 3 takes for an attack; and it has
# no connection for a second request. A web server in front does both as real storages do.
FRONT = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off; client_max_body_size 0; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen {address}:{port} ssl;
    ssl_certificate {folder}/s3.pem; ssl_certificate_key {folder}/s3.key;
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $http_host; }}
  }}
}}
"""


def _serve(folder: Path, port: int, behind: int) -> list[subprocess.Popen[bytes]]:
    values = {"folder": folder, "address": ADDRESS, "port": port, "behind": behind}
    (folder / "nginx.conf").write_text(FRONT.format(**values))
    engine = (sys.executable, "-m", "tests.support.engine", "-H", "127.0.0.1", "-p", str(behind))
    front = ("nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"))
    return [started(folder, *each) for each in (engine, front)]


def free(address: str) -> int:
    """A TCP port of `address` that nobody has."""
    with socket.socket() as free:
        free.bind((address, 0))
        return int(free.getsockname()[1])


def certificate(folder: Path) -> None:
    """Make s3.pem with s3.key in `folder`, for a server at ADDRESS, and ca.pem, which signed it."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "rsa:2048", "-nodes")
    authority = ("-subj", "/CN=Storage", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", *authority)
    openssl("req", *key, "-keyout", "s3.key", "-out", "s3.csr", "-subj", f"/CN={ADDRESS}")
    (folder / "names").write_text(f"subjectAltName=IP:{ADDRESS},DNS:{ADDRESS}\n")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names")
    openssl("x509", "-req", "-in", "s3.csr", *signed, "-days", "2", "-out", "s3.pem")
