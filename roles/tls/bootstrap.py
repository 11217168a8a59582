"""What a host serves with until an authority has issued the first certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from roles.core.state import STATE

from .configuration import LIVE, SELF_SIGNED
from .host.layout import ISSUED
from .selfsigned import SelfSigned, all_current, make_all
from .settings import Tls

MANIFEST = f"{STATE}/manifest/tls"
FORMER = f"{ISSUED}/former"


@dataclass(frozen=True)
class Bootstrap:
    """A bootstrap certificate: a shell test that there is something to serve with, and commands
    that see to it."""

    test: str
    commands: list[str]


def certificate(settings: Tls, names: Sequence[str]) -> Bootstrap:
    """Serve with what an authority issued, else with what was provided before, else self-signed.

    The link is taken out of the role's own files first: the program that obtains certificates
    moves it, and a file that the role no longer wants would be removed. So would one that was
    provided, hence the copy.
    """
    made = SelfSigned(
        SELF_SIGNED, tuple(names), settings.self_signed_days, settings.renew_before_days
    )
    current = all_current([made])
    return Bootstrap(
        f"! grep -qsxF {LIVE} {MANIFEST} && [ -e {LIVE}/privkey.pem ] &&"
        f' case "$(readlink {LIVE})" in {ISSUED}/*) true ;; {SELF_SIGNED}) {current} ;;'
        " *) false ;; esac",
        [
            f"[ ! -e {MANIFEST} ] || sed -i '\\#^{LIVE}$#d' {MANIFEST}",
            f'case "$(readlink {LIVE})" in',
            f"{ISSUED}/*) target=$(readlink {LIVE}) ;;",
            f"{SELF_SIGNED}|'') target= ;;",
            f"*) target={FORMER}; rm -rf {FORMER}; mkdir -p {ISSUED}; cp -pLr {LIVE} {FORMER} ;;",
            "esac",
            'if [ ! -e "$target/privkey.pem" ]; then',
            *make_all([made]),
            f"target={SELF_SIGNED}",
            "fi",
            f'ln -sfn "$target" {LIVE}.new',
            f"mv -T {LIVE}.new {LIVE}",
        ],
    )
