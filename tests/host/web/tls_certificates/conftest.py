"""An authority, and a box with its certificates: one story, told by the files in their order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.web.test_tls import names, shown
from tests.host.web.tls_certificates.steps import NEW, SERVICE, SIX, WWW, here, issued, resolve
from tests.support.authority import Authority
from tests.support.client import Server
from tests.support.suites import number
from tests.support.zone import Zone


@pytest.fixture(scope="package")
def authority(box: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """An authority for this box, which is left as it was: with a self-signed certificate."""
    folder = tmp_path_factory.mktemp("authority")
    found = Authority(folder, dict.fromkeys((DOMAIN, WWW, NEW), box.ip), resolver(box))
    found.start()
    hosts = box.ssh("cat /etc/hosts")
    box.ssh(f"ip -6 address add {SIX}/128 dev lo")
    resolve(box, here(box, *found.names))
    try:
        yield found
    finally:
        found.stop()
        box.ssh(f"ip -6 address del {SIX}/128 dev lo")
        box.ssh("cat > /etc/hosts", stdin=hosts + "\n")
        box.converge()
        box.ssh("rm -rf /var/lib/readyhost/acme /etc/readyhost/tls/issued")
        assert names(shown(Server(DOMAIN, box.ip))) == [DOMAIN]
        assert box.run(f"systemctl cat {SERVICE} certificate.timer").returncode != 0


def resolver(box: Host) -> str:
    """An address of this machine for the name server of a box's names."""
    return f"127.53.53.{1 + number(box.suite)}"


@pytest.fixture
def every_name(box: Host, authority: Authority) -> None:
    """The box has a certificate for all its names, as the first file leaves it."""
    issued(box, authority, WWW, NEW)


@pytest.fixture
def zone(box: Host, authority: Authority) -> Iterator[Zone]:
    """The zone of the box's domain. It knows no address: nothing has to lead to the box."""
    found = Zone(authority.folder / "zone", DOMAIN, resolver(box))
    found.start()
    yield found
    found.stop()
