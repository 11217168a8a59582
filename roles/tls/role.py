"""The thin layer: makes a host have its certificate."""

from collections.abc import Sequence
from pathlib import Path

from pyinfra import host

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service
from roles.core.shell import run
from roles.core.state import STATE

from . import certbot, definition, first
from .files import entries
from .given import read
from .selfmade import SelfMade, all_current, make_all
from .settings import Tls
from .transport import NAMELESS, ROOT, SELF_MADE

PROJECT = Path(__file__).resolve().parents[2]


def wanted(settings: Tls, names: Sequence[str]) -> list[SelfMade]:
    """The certificates that the host makes for itself."""
    found = [SelfMade(NAMELESS, (), days=3650, renew_before_days=settings.renew_before_days)]
    if settings.certificate == "self-made":
        found.append(
            SelfMade(SELF_MADE, tuple(names), settings.self_made_days, settings.renew_before_days)
        )
    return found


def tls(settings: Tls, names: Sequence[str], unit: str = "nginx") -> list[Entry]:
    """Give the host a certificate for `names`, the domain first.

    Out: the entries that the web server `unit` is started with; pass them to its role, which
    comes after this one. One from an authority is obtained when that serves: see `obtain`.
    Raises OperatorError, before any change, when a given one can't be used.
    """
    given = None
    if settings.certificate == "given":
        given = read(settings, names, root=PROJECT)
        if given.warning:
            host.log(given.warning)
    files = entries(settings, given)
    others: list[Entry] = []
    if settings.certificate == "acme":
        authority = definition.read_authority(settings.acme, PROJECT)
        others = definition.entries(settings.acme, names, unit, authority)
    certificates = wanted(settings, names)
    beginning = first.beginning(settings, names) if others else None
    run(
        name="TLS | self-made certificate",
        unless=" && ".join([all_current(certificates), *([beginning.test] if beginning else [])]),
        commands=[
            # Nobody stamps what a host made by itself, so the reload that a new certificate takes
            # is owed from before it is there.
            f"rm -f {STATE}/stamps/{unit}.reload",
            f"mkdir -p {ROOT}",
            *make_all(certificates),
            *(beginning.commands if beginning else []),
        ],
    )
    sync(
        name="TLS | certificate in use",
        role="tls",
        entries=[*files, *others],
        checks=definition.CHECKS if others else [],
        services=[Service(unit, configuration=files)],
        commands=definition.AFTERWARDS,
    )
    return files


def obtain(settings: Tls, machine: Machine) -> None:
    """Have an authority's certificate in use, if that is what the settings ask for.

    The web server must serve. Comes last: when no certificate is to be had, the run fails with
    the reason, and everything else is done.
    """
    if settings.certificate != "acme":
        return
    if settings.acme.certbot == "pinned":
        run(
            name="TLS | certbot",
            unless=certbot.is_installed(settings.acme, machine),
            commands=certbot.install(settings.acme, machine),
        )
    run(
        name="TLS | certificate of the authority",
        unless=f"{definition.COMMAND} check",
        commands=[f"{definition.COMMAND} obtain"],
    )
