"""What the host's program and certbot are told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from roles.core.entries import Directory, Entry, File, Link
from roles.core.errors import OperatorError
from roles.core.programs import program_files
from roles.core.templates import render

from . import certbot
from .acme import Acme, Dns
from .configuration import ROOT
from .host.layout import CHALLENGES, ETC, LOGS, STORE

COMMAND = "/usr/local/sbin/certificate"
PROGRAM = "/usr/local/lib/readyhost/certificate"
SOURCES = Path(__file__).with_name("host")
UNITS = "/etc/systemd/system"
TIMER = "certificate.timer"
CHECKS = [f"systemd-analyze verify {UNITS}/certificate.service {UNITS}/{TIMER}"]
# Also when the timer is no longer wanted, and its file is gone.
AFTERWARDS = [
    "systemctl daemon-reload",
    f"if [ -e {UNITS}/{TIMER} ]; then systemctl restart {TIMER}; else"
    f" systemctl stop {TIMER} 2>/dev/null || true;"
    f" systemctl reset-failed {TIMER} certificate.service 2>/dev/null || true; fi",
]
CA_FILE = f"{ETC}/ca.pem"
CREDENTIALS = f"{ETC}/dns.ini"


def names_of(settings: Acme, names: Sequence[str]) -> list[str]:
    """The names to ask for, the domain first. Authorities refuse one that a wildcard covers."""
    if not settings.wildcard:
        return list(dict.fromkeys(names))
    domain, *aliases = dict.fromkeys(names)
    covered = [name for name in aliases if name.partition(".")[2] == domain]
    return [domain, f"*.{domain}", *(name for name in aliases if name not in covered)]


def definition(settings: Acme, names: Sequence[str], unit: str) -> dict[str, Any]:
    """What the host's program reads: see host/configuration.py."""
    return {
        "names": names_of(settings, names),
        "key": settings.key,
        "directory": settings.url,
        "dns": bool(settings.dns.plugin),
        "probe": settings.probe,
        "certbot": certbot.program(settings),
        "ari": settings.certbot == "pinned",
        "ca_file": CA_FILE if settings.ca_file else "",
        "renew_hours": settings.renew_hours,
        "unit": unit,
    }


def read_authority(settings: Acme, project: Path) -> str:
    """The text of `ca_file`, empty when there is none. Raises OperatorError if it can't be read."""
    if not settings.ca_file:
        return ""
    path = project / settings.ca_file
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"tls.acme.ca_file {path} can't be read: {error}") from None
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise OperatorError(f"tls.acme.ca_file {path} holds no PEM certificate")
    return text


def entries(
    settings: Acme, names: Sequence[str], unit: str = "nginx", authority: str = ""
) -> list[Entry]:
    """The program that obtains the certificate, its schedule, and what both are told."""
    write = partial(render, "tls", settings=settings, challenges=CHALLENGES, root=ROOT)
    values = json.dumps(definition(settings, names, unit), indent=1) + "\n"
    found: list[Entry] = [
        Directory(ETC, 0o700),
        File(f"{ETC}/certificate.json", values),
        write(f"{ETC}/certbot.ini", mode=0o600, store=STORE, logs=LOGS, credentials=CREDENTIALS),
        Directory(STORE, 0o700),
        Directory(LOGS, 0o700),
        write(COMMAND, mode=0o755),
        *_program(),
        write(f"{UNITS}/certificate.service", command=COMMAND, store=STORE, logs=LOGS),
        write(f"{UNITS}/{TIMER}"),
        Link(f"{UNITS}/timers.target.wants/{TIMER}", f"../{TIMER}"),
    ]
    if settings.dns.credentials:
        found.append(File(CREDENTIALS, _ini(settings.dns), mode=0o600, secret=True))
    if authority:
        found.append(File(CA_FILE, authority))
    return found


def _ini(dns: Dns) -> str:
    """The plug-in's credentials, as it reads them."""
    values = {name.lower(): value for name, value in dns.credentials.items()}
    return "".join(f"{name} = {value.get_secret_value()}\n" for name, value in values.items())


def _program() -> Iterable[Entry]:
    return [
        Directory("/usr/local/lib/readyhost"),
        Directory(PROGRAM),
        *program_files(SOURCES, PROGRAM),
    ]
