"""gixy, which looks for holes in configurations of Nginx, finds none in ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from roles.core.machine import Machine
from roles.nginx import Nginx

from .laid_out import lay_out, site
from .test_text import SETTINGS

ASKED_FOR = {"nothing": {"hsts_header"}}
"""Findings that the settings themselves ask for."""
NOT_SO = {"trixie": {"ssl_ecdh_curve"}}
"""Findings that don't hold there: Debian 13's OpenSSL is the 3.5 that gixy asks for."""


ALWAYS = {"try_files_is_evil_too"}
"""It asks for open_file_cache, which would serve the files of the release before."""


def findings(root: Path) -> set[str]:
    gixy = Path(sys.executable).with_name("gixy")
    told = subprocess.run(
        [str(gixy), "-l", "-f", "json", str(root / "etc/nginx/nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {finding["plugin"] for finding in json.loads(told.stdout)}


@pytest.mark.parametrize(
    ("name", "codename"), [*((name, "jammy") for name in SETTINGS), ("everything", "trixie")]
)
def test_gixy_finds_nothing(tmp_path: Path, name: str, codename: str) -> None:
    machine = Machine.example(codename, ipv6=True)
    lay_out(tmp_path, Nginx(**SETTINGS[name]), machine, site(tmp_path), (80, 443))
    assert findings(tmp_path) == ALWAYS | ASKED_FOR.get(name, set()) | NOT_SO.get(codename, set())


def test_gixy_reads_all_of_it(tmp_path: Path) -> None:
    lay_out(tmp_path, Nginx(), Machine.example(), site(tmp_path), (80, 443))
    file = tmp_path / "etc/nginx/sites-enabled/shop.conf"
    file.write_text(
        file.read_text().replace(
            "return 301 https://$host$request_uri", "return 301 https://$host$uri"
        )
    )
    assert "http_splitting" in findings(tmp_path)
