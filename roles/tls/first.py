"""What a host serves with until an authority has issued the first certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from roles.core.state import STATE

from .host.layout import ISSUED
from .selfmade import SelfMade, all_current, make_all
from .settings import Tls
from .transport import LIVE, SELF_MADE

MANIFEST = f"{STATE}/manifest/tls"
FORMER = f"{ISSUED}/former"


@dataclass(frozen=True)
class Beginning:
    """A shell test that there is something to serve with, and commands that see to it."""

    test: str
    commands: list[str]


def beginning(settings: Tls, names: Sequence[str]) -> Beginning:
    """Serve with what an authority issued, else with what was given before, else self-made.

    The link is taken out of the role's own files first: the program that obtains certificates
    moves it, and a file that the role no longer wants would be removed. So would one that was
    given, hence the copy.
    """
    made = SelfMade(SELF_MADE, tuple(names), settings.self_made_days, settings.renew_before_days)
    current = all_current([made])
    return Beginning(
        f"! grep -qsxF {LIVE} {MANIFEST} && [ -e {LIVE}/privkey.pem ] &&"
        f' case "$(readlink {LIVE})" in {ISSUED}/*) true ;; {SELF_MADE}) {current} ;;'
        " *) false ;; esac",
        [
            f"[ ! -e {MANIFEST} ] || sed -i '\\#^{LIVE}$#d' {MANIFEST}",
            f'case "$(readlink {LIVE})" in',
            f"{ISSUED}/*) target=$(readlink {LIVE}) ;;",
            f"{SELF_MADE}|'') target= ;;",
            f"*) target={FORMER}; rm -rf {FORMER}; mkdir -p {ISSUED}; cp -pLr {LIVE} {FORMER} ;;",
            "esac",
            'if [ ! -e "$target/privkey.pem" ]; then',
            *make_all([made]),
            f"target={SELF_MADE}",
            "fi",
            f'ln -sfn "$target" {LIVE}.new',
            f"mv -T {LIVE}.new {LIVE}",
        ],
    )
