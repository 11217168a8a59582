"""Nobody goes around the CDN, whose networks are known by its name."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from roles.nginx import Mount, Nginx, ranges
from roles.nginx.ranges import fetch
from roles.nginx.role import outdated

from .conftest import Serve, Web

SECRET = "Zb1f0e4d6c9a4f2e8d3b5a7c9e1f0b24"
FORMER = "a" * 32
CDN = "127.0.0.200"


def elsewhere(web: Web) -> Web:
    """As from elsewhere: the address of this machine itself needs show nothing."""
    file = web.root / "etc/nginx/conf.d/origin.conf"
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text().replace("127.0.0.0/8 1;", ""))
    os.kill(int((web.root / "run/nginx.pid").read_text()), signal.SIGHUP)
    end = time.monotonic() + 10
    row = 0  # the old workers accept for a moment more
    while row < 20 and time.monotonic() < end:
        row = row + 1 if web.ask("/").status == 403 else 0
        time.sleep(0.02)
    for upstream in web.upstreams:
        upstream.seen.clear()
    return web


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    origin = {"only_proxies": True, "secret": SECRET, "former_secret": FORMER}
    return elsewhere(serve(ready="", trusted_proxies=[f"{CDN}/32"], origin=origin))


def test_WEB_15_who_is_not_the_cdn_is_refused(web: Web) -> None:
    shown = {"X-Origin-Secret": SECRET}
    assert web.ask("/", headers=shown).status == 403
    assert web.ask("/", source=CDN).status == 403
    assert web.ask("/", source=CDN, headers={"X-Origin-Secret": SECRET.lower()}).status == 403
    assert not web.reached
    assert web.ask("/", source=CDN, headers=shown).status == 200
    assert web.ask("/", source=CDN, headers={"X-Origin-Secret": FORMER}).status == 200


def test_WEB_15_the_application_never_sees_the_secret(web: Web) -> None:
    web.ask("/seen", source=CDN, headers={"X-Origin-Secret": SECRET})
    assert SECRET not in json.dumps(web.reached)


def test_WEB_15_nobody_says_of_himself_that_he_is_the_cdn(web: Web) -> None:
    headers = {"X-Origin-Secret": SECRET, "X-Forwarded-For": CDN}
    assert web.ask("/", headers=headers).status == 403


def test_WEB_15_a_refusal_is_a_page_and_says_no_more(web: Web) -> None:
    answer = web.ask("/")
    assert (answer.status, answer.header("cache-control")) == (403, "no-store")
    assert "X-Origin-Secret" not in answer.body.decode()


def signed(folder: Path, name: str) -> tuple[Path, Path]:
    """An authority, and a client's certificate and key that it has signed, in one file."""
    authority, client = folder / f"{name}.pem", folder / f"{name}-client.pem"
    subprocess.run(
        [
            *("sh", "-ec"),
            f"cd {folder}; new='openssl req -newkey rsa:2048 -nodes -batch'"
            f"; $new -x509 -days 2 -subj /CN={name} -keyout ca.key -out {authority.name}"
            f"; $new -subj /CN=cdn -keyout client.key -out client.csr"
            f"; openssl x509 -req -days 2 -in client.csr -CA {authority.name} -CAkey ca.key"
            f" -CAcreateserial -out client.crt; cat client.crt client.key >{client.name}",
        ],
        check=True,
        capture_output=True,
    )
    return authority, client


def test_WEB_15_a_client_certificate_of_the_given_authority(serve: Serve, tmp_path: Path) -> None:
    authority, good = signed(tmp_path, "ours")
    _, other = signed(tmp_path, "theirs")
    web = elsewhere(serve(ready="", origin={"ca_file": str(authority)}))

    def status(client: Path) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.load_cert_chain(client)
        with socket.create_connection((web.address, web.https_port)) as plain:
            connection = http.client.HTTPConnection(web.address)
            connection.sock = context.wrap_socket(plain, server_hostname=web.domain)
            connection.request("GET", "/", headers={"Host": web.domain})
            found = connection.getresponse().status
            connection.close()
            return found

    assert (status(good), status(other), web.ask("/").status) == (200, 403, 403)


def test_WEB_15_a_cdn_is_told_how_long_it_may_keep_a_page(serve: Serve) -> None:
    mounts = (Mount("/", "_", "index.html", cdn_seconds=600), Mount("/docs-site/", "docs-site"))
    web = serve(site={"mounts": mounts, "routed": ("/api",)}, ready="/api/")
    web.write("served/_/live/index.html", "page")
    web.write("served/_/live/assets/index-CD7oAzqt.js", "let a")
    web.write("served/docs-site/live/index.html", "docs")
    page = web.ask("/deep/link")
    assert page.header("cache-control") == "no-cache"
    assert page.header("cdn-cache-control") == "max-age=600"
    for path in ("/assets/index-CD7oAzqt.js", "/docs-site/", "/none.js", "/api/x"):
        assert web.ask(path).all("cdn-cache-control") == [], path


def test_WEB_15_a_cdns_name_is_its_networks() -> None:
    known = Nginx(trusted_proxies=("cloudflare", "192.0.2.0/24")).proxies
    assert {"173.245.48.0/20", "2606:4700::/32", "192.0.2.0/24"} <= set(known)
    for name in ("cloudflare", "fastly"):
        every = ranges.networks(name)
        assert ranges.text(list(every), ranges.day(name)).count("\n") == len(every) + 1
    with pytest.raises(ValidationError, match=r"roles.nginx.ranges.fetch bunny"):
        Nginx(trusted_proxies=("bunny",))
    with pytest.raises(ValidationError):
        Nginx(trusted_proxies=("somebody",))


def test_WEB_15_old_networks_are_said() -> None:
    since = ranges.day("fastly")
    assert not ranges.old("fastly", 180, since + timedelta(days=180))
    assert "fetch fastly" in ranges.old("fastly", 180, since + timedelta(days=181))
    assert outdated(Nginx(trusted_proxies=("192.0.2.0/24",))) == []


def test_WEB_15_a_command_brings_new_ones(tmp_path: Path) -> None:
    answers = {
        "https://www.cloudflare.com/ips-v4": "173.245.48.0/20\n1.2.0.0/16\n",
        "https://www.cloudflare.com/ips-v6": "2606:4700::/32",
        "https://api.fastly.com/public-ip-list": json.dumps(
            {"addresses": ["151.101.0.0/16"], "ipv6_addresses": ["2a04:4e40::/32"]}
        ),
    }
    said = fetch.fetch(["cloudflare", "fastly"], answers.__getitem__, tmp_path)
    assert said[1] == "fastly: 2 networks, 2 new, 0 gone"
    lines = (tmp_path / "cloudflare.txt").read_text().splitlines()
    assert lines[1:] == ["1.2.0.0/16", "173.245.48.0/20", "2606:4700::/32"]


@pytest.mark.parametrize(
    "found", [[], ["<html>"], ["0.0.0.0/0"], ["10.0.0.0/8"], ["2000::/3"], ["1.2.3.4/8"]]
)
def test_WEB_15_what_is_no_cdns_is_never_trusted(found: list[str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        ranges.text(found, date(2026, 11, 29))
