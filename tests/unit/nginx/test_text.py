"""Every set of files is accepted by the program that reads it, without a word."""

from pathlib import Path

import pytest

from roles.core.machine import Machine
from roles.nginx import Nginx

from .laid_out import check, lay_out, readable_here, site

SETTINGS: dict[str, dict] = {
    "defaults": {},
    "everything": {
        "cache": {"enabled": True},
        "cors_origins": ["https://admin.example.org:8443"],
        "headers": {"hsts_preload": True, "hsts_subdomains": True},
        "limits": {"unlimited": ["10.0.3.1", "fd00::/8"]},
        "log_queries": True,
        "maintenance_allow": ["192.0.2.0/24", "2001:db8::/32"],
        "redirect_aliases": False,
        "trusted_proxies": ["198.51.100.0/24", "2001:db8:1::/48"],
    },
    "nothing": {
        "cors": "application",
        "docs_open": True,
        "gzip_level": 0,
        "headers": {
            "hsts_seconds": 0,
            "content_security_policy": "",
            "frame_options": "",
            "permissions_policy": "",
        },
        "http2": False,
        "limits": {"per_minute": 0, "per_hour": 0, "logins_per_minute": 0, "connections": 0},
        "stream_paths": [],
    },
}


@pytest.mark.parametrize("codename", readable_here())
@pytest.mark.parametrize("name", SETTINGS)
def test_nginx_accepts_it(tmp_path: Path, name: str, codename: str) -> None:
    machine = Machine.example(codename, ipv6=False)
    lay_out(tmp_path, Nginx(**SETTINGS[name]), machine, site(tmp_path), (18080, 18443))
    assert check(tmp_path) == ""


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    machine = Machine.example(readable_here()[-1], ipv6=False)
    lay_out(tmp_path, Nginx(), machine, site(tmp_path), (18080, 18443))
    file = tmp_path / "etc/nginx/conf.d/limits.conf"
    file.write_text(file.read_text().replace("limit_req_status 429", "limit_req_status many"))
    assert "invalid number" in check(tmp_path)
