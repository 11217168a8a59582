"""An attack: what an intruder tries, how it is seen from outside to have worked, and what stops it.

docs/red-team.md says how one is added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

LOOT = "what-no-intruder-may-see"
"""Whoever has this in his hands has read what he should not."""

PLACE = "/opt/attack"
"""On the host, for root: there while attacks are tried. Everybody can read in it."""

SANDBOX = "sandbox"
"""All directives of systemd.exec that confine a unit, but who it runs as."""


@dataclass(frozen=True)
class Protection:
    """Something on the host that stops an attack: shell commands of root that take it out, and put
    it back."""

    name: str
    opens: str
    closes: str


Stops = tuple[str | Protection, ...]
"""Directives of the intruder's own unit (`ProtectProc`, `User` with its group, `sandbox` for all of
them but that; `KillMode=process`: another value in its place), and whatever else on the host."""


@dataclass(frozen=True)
class Attack:
    """One that an intruder tries on the host.

    + tries: what he runs where he is: lines of a shell; of SQL in the database role
    + worked: shell of root, afterwards: succeeds when it worked. $SAID is a file with what he saw
    + stopped_by: without all of these it works
    + bait, after: shell of root: what is there for him, and what is to be taken away
    + past: what he has got round already, so that what comes behind it is tried
    + who: the unit that he runs in, where it is not the application's
    + only: the example that it is about; empty: each
    """

    name: str
    tries: str
    worked: str
    stopped_by: Stops
    bait: str = ""
    after: str = ""
    past: Stops = ()
    who: str = ""
    only: str = ""

    def asked(self, is_open: bool) -> dict[str, Any]:
        """What host.py is to do, with the protections in the way or taken out."""
        out = (*self.past, *(self.stopped_by if is_open else ()))
        doors = [one for one in out if isinstance(one, Protection)]
        return {
            "name": self.name,
            "who": self.who,
            "tries": self.tries,
            "worked": self.worked,
            "bait": self.bait,
            "after": self.after,
            "without": [one for one in out if isinstance(one, str)],
            "opens": [door.opens for door in doors],
            "closes": [door.closes for door in reversed(doors)],
        }


@dataclass(frozen=True)
class Outside:
    """One that somebody tries over the network. tries: gets the host, gives whether it worked."""

    name: str
    tries: Callable[[Any], bool]
    stopped_by: tuple[Protection, ...]
    only: str = ""


def edited(path: str, script: str, reload: str) -> Protection:
    """What a file of the host says: `script` of sed -E takes it out, `reload` puts it in force."""
    kept = f"{PLACE}/{sha256((path + script).encode()).hexdigest()[:12]}"
    changed = f"! cmp -s {kept} {path}"  # or it is not what stops anything
    return Protection(
        f"{path}: {script}",
        f"cp -a {path} {kept}; sed -i -E '{script}' {path}; {changed} && {{ {reload}; }}",
        f"cp -a {kept} {path}; rm {kept}; {reload}",
    )


def sql(opens: str, closes: str, database: str = "postgres") -> Protection:
    """What the database says: a superuser's statements that take it out, and put it back."""
    psql = f"cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -d {database}"
    return Protection(opens, f'{psql} -c "{opens}"', f'{psql} -c "{closes}"')


def mode(path: str, mode: str) -> Protection:
    """Who may open a file or a socket: everybody with `mode`."""
    kept = f"{PLACE}/{sha256(path.encode()).hexdigest()[:12]}"
    return Protection(
        f"{path}: its mode",
        f"stat -c %a {path} >{kept}; chmod {mode} {path}",
        f"chmod $(cat {kept}) {path}; rm {kept}",
    )


def beside(command: str, options: str = "") -> str:
    """What goes on on the host while he tries; BESIDE_ENDS ends it."""
    return f"systemd-run -q --collect --unit=attack-bait {options} {command}"


BESIDE_ENDS = "systemctl stop attack-bait 2>/dev/null || true"

METADATA = ("169.254.169.254", "168.63.129.16", "fd20:ce::254")
"""Of all clouds, of Azure, of Google over IPv6."""


def asks_metadata(address: str) -> str:
    """What an intruder tries at a cloud's address of keys."""
    return f"curl -gsm 2 'http://{_in_url(address)}:8099/bait'"


def has_metadata(address: str) -> str:
    """Something is to be had there."""
    server = f"python3 -m http.server --bind {address} 8099"
    return (
        f"ip address add {_of_one(address)} dev lo; mkdir {PLACE}/web;"
        f" echo {LOOT} >{PLACE}/web/bait; {beside(server, f'--working-directory={PLACE}/web')};"
        " sleep 0.7"
    )


def metadata_ends(address: str) -> str:
    return f"{BESIDE_ENDS}; ip address del {_of_one(address)} dev lo; rm -r {PLACE}/web"


def keys_of_clouds() -> tuple[Attack, ...]:
    """The same from wherever they are tried."""
    return tuple(
        Attack(
            f"the cloud's metadata at {address}",
            asks_metadata(address),
            f"grep -qF {LOOT} $SAID",
            ("IPAddressDeny",),
            bait=has_metadata(address),
            after=metadata_ends(address),
        )
        for address in METADATA
    )


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _of_one(address: str) -> str:
    return f"{address}/128" if ":" in address else f"{address}/32"


SCRIPT = f"/usr/bin/python3 -I {PLACE}/within.py"

CURSOR = f"--cursor-file={PLACE}/cursor"
FORGES = Attack(
    "a line of the journal under another program's name",
    f"{SCRIPT} forge",
    f"journalctl --sync; journalctl -q {CURSOR} -t attack-line -o cat | grep -q forged",
    ("InaccessiblePaths",),
    f"journalctl --sync; journalctl -q {CURSOR} -n 1 >/dev/null",
    f"rm {PLACE}/cursor",
)
EVERYWHERE = Attack(
    "a service on all addresses, by the resolver's",
    "for s in 127.0.0.1 127.0.0.53 $(hostname -I) 0.0.0.0; do curl -sm 2 http://$s:8098/bait; done",
    f"grep -qF {LOOT} $SAID",
    ("IPAddressAllow=127.0.0.53",),
    f"mkdir {PLACE}/web; echo {LOOT} >{PLACE}/web/bait; "
    + beside("python3 -m http.server --bind 0.0.0.0 8098", f"--working-directory={PLACE}/web")
    + "; sleep 0.7",
    f"{BESIDE_ENDS}; rm -r {PLACE}/web",
)
"""The same from wherever they are tried."""

NGINX = "nginx -q -t && systemctl reload nginx && sleep 0.7"
"""Puts Nginx' files in force; its old workers are gone by then."""
