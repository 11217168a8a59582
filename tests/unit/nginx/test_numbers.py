"""Numbers that are computed, and settings that are refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from roles.core.machine import SUPPORTED, Machine
from roles.nginx import Features, Nginx
from roles.nginx.capacity import capacity
from roles.nginx.features import features
from roles.nginx.headers import hsts


def test_3000_clients() -> None:
    found = capacity(Nginx(), Machine.example())
    assert (found.workers, found.connections, found.open_files) == (2, 8192, 17_408)


@pytest.mark.parametrize("clients", [100, 3000, 5000, 100_000])
def test_one_worker_can_carry_every_client_with_both_its_connections(clients: int) -> None:
    found = capacity(Nginx(clients=clients), Machine.example(cores=16))
    assert found.connections >= 2 * clients
    assert found.open_files > found.connections


def test_no_more_files_than_the_host_allows() -> None:
    assert capacity(Nginx(clients=5000), Machine.example(open_files=20_000)).open_files == 20_000


CLASSIC = ("X25519", "prime256v1", "secp384r1")
HYBRID = ("X25519MLKEM768", *CLASSIC)


def test_features_of_each_distribution() -> None:
    assert {name: features(versions.nginx) for name, versions in SUPPORTED.items()} == {
        "jammy": Features(http2_directive=False, reject_handshake=False, groups=CLASSIC),
        "bookworm": Features(http2_directive=False, reject_handshake=True, groups=CLASSIC),
        "noble": Features(http2_directive=False, reject_handshake=True, groups=CLASSIC),
        "trixie": Features(http2_directive=True, reject_handshake=True, groups=HYBRID),
    }


def test_hsts() -> None:
    assert hsts(Nginx().headers) == "max-age=63072000"
    preload = {"hsts_subdomains": True, "hsts_preload": True}
    found = hsts(Nginx(headers=preload).headers)
    assert found == "max-age=63072000; includeSubDomains; preload"
    assert hsts(Nginx(headers={"hsts_seconds": 0}).headers) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"content_security_policy": 'x"; return 200 "'}},
        {"headers": {"content_security_policy": "default-src $cookie_session"}},
        {"headers": {"referrer_policy": "a\nb"}},
        {"headers": {"hsts_preload": True}},
        {"limits": {"login_paths": ["/a b"]}},
        {"limits": {"login_paths": ["/a;}"]}},
        {"limits": {"unlimited": ["10.0.0.1/8"]}},
        {"limits": {"per_minutes": 60}},
        {"cors_origins": ["*"]},
        {"cors_origins": ["https://a.test/"]},
        {"real_ip_header": "X; drop"},
        {"trusted_proxies": ["everywhere"]},
        {"clients": 10},
        {"methods": []},
        {"docs_paths": ["docs"]},
    ],
)
def test_what_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Nginx(**wrong)
