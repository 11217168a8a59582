"""SEC: what an intruder would find."""

from __future__ import annotations

import json
import time
from datetime import datetime
from ipaddress import IPv4Network, ip_network
from typing import TYPE_CHECKING

from ..outcome import Finding, either, false, true, unknown, unwanted
from .database import asked, logins
from .judging import nothing, pairs, shown
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

METADATA, EVERYTHING = "169.254.0.0/16", "0.0.0.0/0"
SERVICES = {"rsyslog": "ProtectSystem", "fail2ban": "ProtectSystem", "ssh": "LockPersonality",
            "cron": "LockPersonality"}  # fmt: skip
LOOKED = 8 * 86_400  # seconds: the look is weekly


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about who may do what."""
    app, away = settings.app.name, settings.backup
    folders = " ".join(
        f"/srv/{view.app.name} /etc/{view.app.name}" for view in settings.applications
    )
    roles = logins(settings.postgres.user)
    far = away.offsite.bucket or away.mirror.host or away.pull.key
    return [
        Look(
            "SEC-01",
            asked(
                settings.postgres.port,
                "SELECT concat_ws(' ', count(*) FILTER (WHERE rolsuper OR rolcreatedb"
                " OR rolcreaterole OR rolreplication OR rolbypassrls),"
                " (SELECT count(*) FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE"
                f" r.rolname IN {roles}), count(*)) FROM pg_roles WHERE rolname IN {roles}",
            ),
            _role,
        ),
        Look(
            "SEC-02",
            f"find /srv/{app}/releases /srv/{app}/installed -maxdepth 1 -mindepth 1 ! -type l"
            " -printf '%U %m %p\\n'; echo end",
            _sealed,
        ),
        Look(
            "SEC-03",
            f"find {folders} /etc/backup /usr/local/lib/readyhost /var/lib/readyhost"
            " -maxdepth 1 -type d ! -user root ! -path '*/uploads' ! -path '*/build'"
            " -printf '%p is of %u; '",
            nothing("folders in which root works are root's"),
        ),
        Look("SEC-04", "fail2ban-client get nginx-hostile bantime", _hostile),
        Look("SEC-05", "cat /var/lib/readyhost/maintained/last.json 2>/dev/null || :", _maintained),
        Look(
            "SEC-06",
            f"for unit in $(systemctl list-units --plain --no-legend '{app}-*@*.service' |"
            " sed 's/ .*//'); do"
            ' echo "$unit" $(systemctl show -p IPAddressDeny -p IPAddressAllow "$unit"); done',
            lambda said: _egress(said, METADATA in map(str, settings.app.denied_networks)),
        ),
        Look(
            "SEC-07",
            "stat -c 'mode=%a' /etc/backup/storage",
            lambda said: _away(said, bool(far), away.local_only),
        ),
        Look(
            "SEC-08",
            " ".join(
                f"echo {unit} {key} $(systemctl show -P {key} {unit});"
                for unit, key in SERVICES.items()
            ),
            _services,
        ),
    ]


def _role(said: list[str]) -> Finding:
    rights, databases, there = map(int, said[-1].split())
    if not there:
        return false("the application's role is not there")
    return either(
        not rights and not databases,
        "the role has no rights beyond its schema",
        f"{rights} roles with rights of a superuser's, {databases} databases of theirs",
    )


def _sealed(said: list[str]) -> Finding:
    if said[-1] != "end":
        raise ValueError(said)
    rows = [line.split(" ", 2) for line in said[:-1]]
    wrong = [path for owner, mode, path in rows if owner != "0" or int(mode, 8) & 0o022]
    if not rows:
        return unknown("nothing is built yet")
    return either(not wrong, f"{len(rows)} builds are sealed", f"not root's: {', '.join(wrong)}")


def _hostile(said: list[str]) -> Finding:
    return either(int(said[-1]) > 0, f"who is hostile is banned for {int(said[-1])} s")


def _maintained(said: list[str]) -> Finding:
    if not said:
        return unknown("nobody has looked yet: systemctl start host-maintained")
    looked = json.loads("\n".join(said))
    when = datetime.fromisoformat(looked["looked"].replace("Z", "+00:00")).timestamp()
    if time.time() - when > LOOKED:
        return false("the last look is too old", when)
    wrong = [each["text"] for each in looked["findings"] if each["level"] not in ("note",)]
    if looked["maintained"] is True:
        return true("what runs here gets its fixes", when)
    doubt = all(
        each["level"] == "unknown" for each in looked["findings"] if each["level"] != "note"
    )
    return (unknown if doubt else false)("; ".join(wrong), when)


def _egress(said: list[str], wanted: bool) -> Finding:
    if not wanted:
        return unwanted(f"app.denied_networks is without {METADATA}")
    open_ones = sorted(unit for unit, v in shown(said).items() if not _denies(v))
    return either(not open_ones, "no metadata address", f"may ask it: {', '.join(open_ones)}")


def _denies(values: dict[str, str]) -> bool:
    """Whether a unit with these lists of systemd's cannot ask the cloud for its keys: all of
    METADATA is denied, as what passes on to a port of the host's own is denied everything, and
    nothing of it is among what is allowed."""
    wanted = IPv4Network(METADATA)
    denied, allowed = (
        [
            network
            for each in values[f"IPAddress{what}"].split()
            if isinstance(network := ip_network(each, strict=False), IPv4Network)
        ]
        for what in ("Deny", "Allow")
    )
    return any(map(wanted.subnet_of, denied)) and not any(map(wanted.overlaps, allowed))


def _away(said: list[str], far: bool, alone: bool) -> Finding:
    mode = int(pairs(said)["mode"], 8)
    if mode & 0o077:
        return false("others may read the keys of the storage")
    if not far:
        return (unwanted if alone else false)("this host alone has its backups")
    return true("a copy is away, and its keys are root's alone")


def _services(said: list[str]) -> Finding:
    values = {unit: value for unit, _, value in (line.split() for line in said)}
    if not set(values) <= set(SERVICES) or set(values.values()) - {"strict", "yes", "no", "full"}:
        raise ValueError(said)
    wrong = sorted(unit for unit, value in values.items() if value not in ("strict", "yes"))
    return either(not wrong, "services may do what they need", f"open: {', '.join(wrong)}")
