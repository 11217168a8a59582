"""What can't be installed changes nothing: a template made invalid, a disk that is full."""

from __future__ import annotations

import pytest

from tests.host.conftest import DOMAIN
from vagrant.driver import Box
from vagrant.running import changes

SPOILED = {
    "nginx": (
        "templates/nginx/etc/nginx/nginx.conf.j2",
        "worker_processes",
        "worker_proceses",
        'unknown directive "worker_proceses"',
    ),
    "postgres": (
        "templates/postgres/etc/postgresql/main/conf.d/readyhost.conf.j2",
        "shared_buffers",
        "shared_bufers",
        'unrecognized configuration parameter "shared_bufers"',
    ),
}
ETC = (
    "find /etc -xdev -type f -exec sha256sum {} + | sort -k2;"
    " find /etc -xdev -type l -printf '%p %l\\n' | sort"
)


def serves(box: Box) -> bool:
    answer = box.ssh(
        f"curl -sk -o /dev/null -w '%{{http_code}}' --resolve {DOMAIN}:443:127.0.0.1"
        f" https://{DOMAIN}/health"
    )
    return answer == "200"


@pytest.mark.parametrize("role", SPOILED)
def test_a_template_made_invalid_changes_nothing_and_the_program_says_why(
    host: Box, role: str
) -> None:
    template, good, bad, words = SPOILED[role]
    path = host.project / template
    assert good in path.read_text()
    path.write_text(path.read_text().replace(good, bad, 1))
    before = host.ssh(ETC)

    result = host.pyinfra("-y", check=False)

    assert result.returncode != 0
    assert words in result.stdout
    assert "Nothing has been changed on this host" in result.stdout
    assert host.ssh(ETC) == before
    assert serves(host)


def test_a_full_disk_during_a_run_leaves_the_old_files_whole(host: Box) -> None:
    values = {"READYHOST_NGINX__HEADERS__HSTS_SECONDS": "1234567"}
    # The directory on a small file system of its own, as full as it can be.
    host.ssh(
        "mkdir -p /run/small && mount -t tmpfs -o size=400k tmpfs /run/small"
        " && cp -a /etc/nginx/. /run/small && mount --bind /run/small /etc/nginx"
        " && { dd if=/dev/zero of=/etc/nginx/filler bs=1k 2>/dev/null || true; }"
    )
    try:
        listing = "find /etc/nginx -type f ! -name filler -exec sha256sum {} +"
        before = host.ssh(listing)
        result = host.pyinfra("-y", check=False, values=values)
        assert result.returncode != 0
        assert "No space left on device" in result.stdout
        assert "nothing has been changed" in result.stdout
        assert host.ssh(listing) == before
        host.ssh("nginx -t -q")
        assert serves(host)
    finally:
        host.ssh("umount /etc/nginx && umount /run/small")
    assert changes(host.converge(**values).stdout)
    assert changes(host.converge(**values).stdout) == {}
