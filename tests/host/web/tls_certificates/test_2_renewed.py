"""A certificate is renewed when it is due, and what happens when it can not be."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.planted import planted
from tests.host.stages import once_at_all
from tests.host.web.test_tls import names, shown
from tests.host.web.tls_certificates.steps import (
    HOURS,
    NEW,
    SERVICE,
    WWW,
    age,
    deployed,
    trusted,
    visited,
)
from tests.support.authority import Authority
from tests.support.client import Server
from vagrant.running import changes

pytestmark = [once_at_all, pytest.mark.timeout(600), pytest.mark.usefixtures("every_name")]


def test_WEB_02_a_certificate_is_renewed_by_its_lifetime(
    box: Host, authority: Authority, web: Server
) -> None:
    orders, process = authority.orders, box.ssh("cat /run/nginx.pid")
    age(box, authority, HOURS / 2 - 1)
    box.ssh(f"systemctl start {SERVICE}")
    assert authority.orders == orders, "it was renewed too early"
    aged = age(box, authority, HOURS / 2 + 1)
    with visited(web) as asked:
        begin = asked()
        box.ssh(f"systemctl start {SERVICE}")
        assert asked() > begin
    assert shown(web) != aged
    assert shown(web).not_valid_before_utc > aged.not_valid_after_utc - timedelta(hours=HOURS)
    assert sorted(names(shown(web))) == sorted([DOMAIN, NEW, WWW])
    trusted(web, authority)
    assert authority.orders == orders + 1
    assert box.ssh("cat /run/nginx.pid") == process
    for folder in ("/run", "/run/systemd/system"):
        assert "Read-only file system" in planted(box, SERVICE, folder), folder


def forget_when_to_ask(box: Host) -> None:
    """The hours that certbot waits before it asks again when to renew are over."""
    box.ssh("sed -i /ari_retry_after/d /var/lib/readyhost/acme/renewal/site-*.conf")


def test_WEB_02_a_renewal_follows_what_the_authority_says(
    box: Host, authority: Authority, web: Server
) -> None:
    """ARI, RFC 9773: an authority that must revoke tells all clients to renew now."""
    before, orders = shown(web), authority.orders
    authority.renew_now()
    forget_when_to_ask(box)
    box.ssh(f"systemctl start {SERVICE}")
    assert authority.orders == orders + 1
    assert shown(web) != before
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    authority.window = tomorrow, tomorrow + timedelta(hours=1)
    age(box, authority, HOURS / 2 + 1)
    forget_when_to_ask(box)
    box.ssh(f"systemctl start {SERVICE}")
    assert authority.orders == orders + 1, "it was renewed before the authority said so"
    authority.window = None


def test_WEB_02_nginx_is_reloaded_only_for_another_certificate(box: Host) -> None:
    def workers() -> str:
        return box.ssh("pgrep -P $(cat /run/nginx.pid)")

    box.ssh(f"systemctl start {SERVICE}")  # whatever was due is done
    before = workers()
    box.ssh(f"systemctl start {SERVICE}")
    assert workers() == before


def test_WEB_02_a_failed_renewal_is_loud_and_the_old_certificate_serves(
    box: Host, authority: Authority, web: Server
) -> None:
    aged, before = age(box, authority, HOURS * 0.9), shown(web)
    authority.limited = True
    try:
        assert box.run(f"systemctl start {SERVICE}").returncode != 0
        assert box.ssh(f"systemctl is-failed {SERVICE}") == "failed"
        assert "a rate limit" in box.ssh(f"journalctl -u {SERVICE} -n 20 -o cat")
        assert shown(web) == before
        said = deployed(box, authority, WWW, NEW, check=False)
        assert "a rate limit" in said
        assert "its former certificate, which is valid until" in said
        assert shown(web) == before
        assert web.ask("/health").status == 200
    finally:
        authority.limited = False
    said = deployed(box, authority, WWW, NEW)
    assert "TLS | certificate of the authority" in changes(said)
    assert shown(web) not in (before, aged)
    assert box.run(f"systemctl is-failed {SERVICE}").returncode != 0
    assert box.ssh("certificate check; echo $?") == "0"
    trusted(web, authority)


def test_WEB_02_a_certificate_that_nginx_can_not_take_leaves_the_old_one(
    box: Host, authority: Authority, web: Server
) -> None:
    live = "readlink /etc/readyhost/tls/live"
    before, link = shown(web), box.ssh(live)
    age(box, authority, HOURS / 2 + 1)
    box.ssh("echo 'no such directive;' > /etc/nginx/conf.d/broken.conf")
    try:
        assert box.run(f"systemctl start {SERVICE}").returncode != 0
    finally:
        box.ssh("rm /etc/nginx/conf.d/broken.conf")
    assert shown(web) == before
    assert box.ssh(live) == link, "a restart would serve what was not seen to work"
    orders = authority.orders
    box.ssh(f"systemctl start {SERVICE}")
    assert shown(web) != before
    assert authority.orders == orders, "what was obtained was asked for again"
