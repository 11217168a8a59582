"""What the makers of packages say of new versions: read by who is there, in nobody's way."""

from __future__ import annotations

from pathlib import Path

from tests.host.conftest import Host
from tests.host.stages import once_at_all

UPGRADE = Path(__file__).with_name("news.sh")
FORGET = "apt-get purge -qq -y newsy >/dev/null 2>&1; rm -f /usr/sbin/sendmail /tmp/mailed"


@once_at_all
def test_HOST_04_news_of_packages_ask_nothing_and_send_no_mail(box: Host) -> None:
    try:
        said = box.ssh("sh -s", stdin=UPGRADE.read_text())
        assert "Beware of the leopard 2" in said
        assert box.ssh("dpkg-query -W -f '${Version}' newsy")[:2] == "2."
        assert box.run("test -e /tmp/mailed").returncode != 0
    finally:
        box.ssh(FORGET)
