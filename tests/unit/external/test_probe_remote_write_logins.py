"""A server that knows hosts by a certificate: a real Prometheus, and a real Nginx."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roles.external.probes.remote_write import TRIED
from roles.monitoring import Monitoring
from roles.monitoring.sending import sent, wish
from tests.support.prometheus import answers, free, prometheus
from tests.support.provider import certificates, shown

from .test_probe import ask

ASKS = ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem"
TLS = {"12": f"{ASKS}, max_version: TLS12", "13": ASKS}
NGINX = """
pid {folder}/nginx.pid;
error_log stderr error;
events {{}}
http {{
    access_log off;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.pem;
        ssl_certificate_key {folder}/server.key;
        ssl_client_certificate {folder}/ca.pem;
        ssl_verify_client on;
        location / {{ return 204; }}
    }}
}}
"""


def tried(port: int, folder: Path, name: str, **values: Any) -> dict[str, Any]:
    """What a host tries that shows a certificate; empty: none."""
    files = {"ca_file": folder / "ca.pem"}
    if name:
        files |= {"certificate_file": folder / f"{name}.pem", "key_file": folder / f"{name}.key"}
    to = {"url": f"https://localhost:{port}/api/v1/write", **files, **values}
    wanted = sent(Monitoring.model_validate({"mode": "local", "remote_write": to}), "production")
    assert wanted
    return wish(wanted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("receiver")
    certificates(folder, "localhost")
    shown(folder)
    return folder


@pytest.fixture(scope="module", params=TLS)
def port(request: pytest.FixtureRequest, folder: Path) -> Iterator[int]:
    tls = TLS[request.param]
    with prometheus(folder, "", "--web.enable-remote-write-receiver", tls=tls) as port:
        yield port


@pytest.fixture(scope="module")
def nginx(folder: Path) -> Iterator[int]:
    port = free()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    server = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-g", "daemon off;"])
    try:
        answers(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def test_MON_09_who_shows_a_good_certificate_is_taken(port: int, folder: Path) -> None:
    (found,) = ask([tried(port, folder, "ours")])
    assert (found.error, found.said) == ("", f"localhost has taken one value, {TRIED}")


WRONG = {
    "theirs": "it refuses the certificate in certificate_file (",
    "": "it wants a certificate: set certificate_file and key_file (",
}


@pytest.mark.parametrize("name", WRONG)
def test_MON_09_a_wrong_certificate_is_said(port: int, folder: Path, name: str) -> None:
    """Each time: why is told while the server hangs up already."""
    found = ask([tried(port, folder, name)] * 20)
    assert {each.key for each in found} == {"monitoring.remote_write"}
    assert all(each.error.startswith(WRONG[name]) for each in found), found


@pytest.mark.parametrize("name", WRONG)
def test_MON_09_and_by_nginx_in_front(nginx: int, folder: Path, name: str) -> None:
    assert ask([tried(nginx, folder, "ours")])[0].error == ""
    (found,) = ask([tried(nginx, folder, name)])
    assert found.error.startswith(f"{WRONG[name]}400 Bad Request"), found


def test_MON_09_a_key_is_in_no_answer(port: int, folder: Path) -> None:
    wanted = tried(port, folder, "ours", token="a-token")
    assert wanted["private"] == (folder / "ours.key").read_text()
    (found,) = ask([wanted])
    assert "PRIVATE KEY" not in repr(found) and "a-token" not in repr(found)
