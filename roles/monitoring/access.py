"""Who answers, and who asks, at the ports that monitoring has on loopback.

An exporter ends at its bound of memory, so whoever asks it often enough has its port to himself for
a while: Prometheus would say Alertmanager's password there, and believe what it reads. And the
exporter of Redis says its password to whatever address it is asked about.
"""

from __future__ import annotations

from roles.core.shell import Commands
from roles.core.step import Part

from .exporters import Exporter
from .files import Around, of
from .names import ALERTMANAGER_PORT, PROMETHEUS_PORT

PROMETHEUS = "prometheus"
DYNAMIC = "61184-65519"
"""systemd's own users of one start each, Alertmanager's among them; an application's is none."""
PEOPLE = "1000-60000"
"""Accounts that somebody logs in by (UID_MIN and UID_MAX of login.defs); services have none."""
NGINX = "www-data"


def asks(*, remote: bool = False) -> tuple[str, ...]:
    """Users, or ranges of them, who may connect there. remote: Nginx asks for a Prometheus
    elsewhere; the user of one that is not installed may not be there at all."""
    return ("root", NGINX if remote else PROMETHEUS, PEOPLE)


def answers(around: Around, *, remote: bool = False) -> dict[str, str]:
    """By TCP port the only user, or range of users, who answers there."""
    return {
        **({} if remote else {str(PROMETHEUS_PORT): PROMETHEUS}),
        **({str(ALERTMANAGER_PORT): DYNAMIC} if around.alerts else {}),
        **{str(each.port): each.user for each in of(around)},
    }


def accounts(around: Around) -> Part:
    """The exporters' users are there. It comes before the firewall's part, which names them."""
    users = of(around)
    there = " && ".join(f"getent passwd {each.user}" for each in users)
    return Part(
        "monitoring",
        (
            Commands(
                "Monitoring | the exporters' accounts", there, [_account(each) for each in users]
            ),
        ),
    )


def _account(exporter: Exporter) -> str:
    made = "useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin"
    return f"getent passwd {exporter.user} >/dev/null || {made} {exporter.user}"
