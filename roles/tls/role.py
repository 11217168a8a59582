"""What the role makes of a host: one that has its certificate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.shell import Commands
from roles.core.state import STATE
from roles.core.step import Part, Step

from . import bootstrap, certbot, definition
from .configuration import DEFAULT_CERTIFICATE, ROOT, SELF_SIGNED
from .files import entries, packages
from .selfsigned import SelfSigned, all_current, make_all
from .settings import Tls

PROJECT = Path(__file__).resolve().parents[2]


def wanted(settings: Tls, names: Sequence[str]) -> list[SelfSigned]:
    """The certificates that the host makes for itself."""
    found = [
        SelfSigned(DEFAULT_CERTIFICATE, (), days=3650, renew_before_days=settings.renew_before_days)
    ]
    if settings.certificate == "self-signed":
        found.append(
            SelfSigned(
                SELF_SIGNED, tuple(names), settings.self_signed_days, settings.renew_before_days
            )
        )
    return found


@dataclass(frozen=True)
class Certificate:
    """What makes a certificate. used: the entries that a web server is started with."""

    part: Part
    used: tuple[Entry, ...]


def certificate(
    settings: Tls, machine: Machine, names: Sequence[str], unit: str = "nginx"
) -> Certificate:
    """A certificate for `names`, the domain first, for the web server `unit`, whose part comes
    after this one. One from an authority is obtained when that serves, and last: when none is to be
    had, the run fails with the reason and everything else is done.

    Raises OperatorError when a provided one can't be used.
    """
    provided = None
    if settings.certificate == "provided":
        from .provided import read  # X.509, which takes long to import

        provided = read(settings, names, root=PROJECT)
    files = entries(settings, provided)
    others: list[Entry] = []
    if settings.certificate == "acme":
        authority = definition.read_authority(settings.acme, PROJECT)
        others = definition.entries(settings.acme, names, unit, authority)
    certificates = wanted(settings, names)
    first = bootstrap.certificate(settings, names) if others else None
    self_signed = Commands(
        name="TLS | self-signed certificate",
        unless=" && ".join([all_current(certificates), *([first.test] if first else [])]),
        commands=[
            # A certificate that the host makes is not among the role's files, so Nginx's reload is
            # marked as pending first.
            f"rm -f {STATE}/stamps/{unit}.reload",
            f"mkdir -p {ROOT}",
            *make_all(certificates),
            *(first.commands if first else []),
        ],
    )
    in_use = Files(
        name="TLS | certificate in use",
        role="tls",
        entries=[*files, *others],
        checks=definition.CHECKS if others else [],
        services=[Service(unit, configuration=files)],
        commands=definition.AFTERWARDS,
    )
    unknown = certbot.unknown(settings.acme) if others else ""
    notes = (provided.warning if provided else "", f"TLS | {unknown}" if unknown else "")
    part = Part(
        "tls",
        (self_signed, in_use),
        packages=tuple(packages(settings)),
        last=_obtain(settings, machine) if others else (),
        notes=tuple(line for line in notes if line),
    )
    return Certificate(part, tuple(files))


def _obtain(settings: Tls, machine: Machine) -> tuple[Step, ...]:
    """Steps that have an authority's certificate in use."""
    own = certbot.environment(settings.acme)
    pinned = Commands("TLS | certbot", own.is_installed(machine), own.install(machine))
    obtained = Commands(
        name="TLS | certificate of the authority",
        unless=f"{definition.COMMAND} check && systemctl is-active -q {definition.TIMER}",
        commands=[
            f"systemctl start {definition.TIMER}",
            f"{definition.COMMAND} check || {definition.COMMAND} obtain",
        ],
    )
    return (*([pinned] if settings.acme.certbot == "pinned" else []), obtained)
