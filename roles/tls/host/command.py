"""The command line: what the timer says, what an operator says, and what the toolkit says."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from roles.core.host.errors import HostError, require_root
from roles.core.host.shown import plain_terminals

from . import activation, configuration, process, record, renewal
from .certificate import misfits, read
from .configuration import Configuration
from .errors import CertificateError

FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0, or 1 with the reason on stderr."""
    plain_terminals()
    options = parser().parse_args(arguments)
    try:
        wanted = configuration.load()
        require_root()
        return int(COMMANDS[options.command](wanted))
    except (HostError, OSError) as error:
        print(error, file=sys.stderr)
        return FAILED


def parser() -> argparse.ArgumentParser:
    """What may be said."""
    root = argparse.ArgumentParser(
        prog="certificate", description="The certificate that an authority issues to this host."
    )
    commands = root.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what is in use, until when, and how the last attempt ended")
    commands.add_parser("renew", help="renew it if it is due: what the timer does")
    commands.add_parser("obtain", help="get the wanted one now, unless it is there")
    commands.add_parser("check", help="exit status 0 when the wanted one is in use")
    return root


def _renew(wanted: Configuration) -> int:
    print(renewal.bring(wanted, scheduled=True))
    return 0


def _obtain(wanted: Configuration) -> int:
    try:
        print(renewal.bring(wanted, scheduled=False))
    except CertificateError as error:
        raise CertificateError(f"{error}\n{serving()}") from None
    process.attempt(["systemctl", "reset-failed", renewal.SERVICE])
    return 0


def _check(wanted: Configuration) -> int:
    return FAILED if not renewal.is_right(wanted) else 0


def serving() -> str:
    """What visitors get meanwhile."""
    found = activation.current()
    if found is None:
        return "Until then the site has a self-signed certificate, and browsers warn of it."
    return f"The site has its former certificate, which is valid until {date(found.end)}."


def date(seconds: float) -> str:
    """A moment, in UTC."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _status(wanted: Configuration) -> int:
    found, last = activation.current(), record.last()
    if found:
        print(f"in use      {found.serial}, {found.key}, for {', '.join(sorted(found.names))}")
        print(f"valid       {date(found.begin)} to {date(found.end)}")
        print(f"renewal     about {date(found.due)}, unless the authority says otherwise")
    else:
        print("in use      none that an authority issued")
    print(f"authority   {wanted.directory}")
    for reason in misfits(read(wanted.obtained), wanted):
        print(f"not wanted  {reason}")
    print(f"last look   {date(last.at) if last.at else 'never'}")
    if last.reason:
        print(f"it FAILED:\n{last.reason}")
    return 0 if renewal.is_right(wanted) else FAILED


COMMANDS = {"status": _status, "renew": _renew, "obtain": _obtain, "check": _check}
