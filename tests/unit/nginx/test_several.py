"""Two sites of one host: what is one's is decided by its domain, and not by a path of another's."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from roles.core.machine import Machine
from roles.nginx import Mount, Nginx, Site
from roles.nginx.files import entries

from .laid_out import check, lay_out, readable_here, site
from .test_text import SETTINGS


def both(root: Path = Path("/")) -> tuple[Site, Site]:
    """One that is an API with a mount; one whose pages are files, but for a path."""
    shop = replace(site(root), alone=False, mounts=(Mount("/app/", "app", "index.html"),))
    blog = replace(
        shop,
        name="blog",
        domain="blog.test",
        aliases=("www.blog.test",),
        static=(),
        mounts=(Mount("/", "root"),),
        routed=("/feed",),
        uploads="",
    )
    return shop, blog


@pytest.mark.parametrize("codename", readable_here())
@pytest.mark.parametrize("name", SETTINGS)
def test_APP_13_nginx_accepts_both(tmp_path: Path, name: str, codename: str) -> None:
    shop, blog = both(tmp_path)
    machine = Machine.example(codename, ipv6=False)
    lay_out(tmp_path, Nginx(**SETTINGS[name]), machine, shop, (18080, 18443), blog)
    assert check(tmp_path) == ""


def test_APP_13_no_variable_is_two_sites() -> None:
    files = {entry.path: getattr(entry, "data", b"") for entry in _all()}
    found = [
        re.findall(r"^map .* \$(\w+) {", text.decode(), re.MULTILINE)
        for path, text in files.items()
        if path.startswith("/etc/nginx/sites-enabled/")
    ]
    names = [name for each in found for name in each]
    assert len(names) > 3
    assert len(names) == len(set(names))


def test_APP_13_files_of_one_are_no_files_of_the_other() -> None:
    files = {entry.path: getattr(entry, "data", b"").decode() for entry in _all()}
    for name in ("headers", "limits"):
        text = files[f"/etc/nginx/conf.d/{name}.conf"]
        assert 'map "$server_name$uri"' in text
        assert r"shop\.test/static/" in text
        assert r"|/static/" not in text
        assert "(/static/" not in text
    assert '"~^blog\\.test/" 1;' in files["/etc/nginx/conf.d/limits.conf"]


def _all() -> list:
    return entries(Nginx(), Machine.example(), both())
