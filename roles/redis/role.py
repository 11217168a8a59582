"""What the Redis role makes of a host."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Part, Step, UntilLive

from .files import CONFIGURATION, FOLDER, LIMITS, OVERCOMMIT, TUNING, entries, packages
from .held import OPERATOR, SOCKET, USERS, held
from .settings import Redis

# CONFIG GET for each key of both files: what Redis runs with.
_ASK = f"sed -n 's/^\\([a-z-]*\\) .*/CONFIG GET \\1/p' {CONFIGURATION} {TUNING}"

# Redis lists a user's commands in an order that is another one after each start. All lines at once:
# a sort for each takes longer than Redis.
_ORDERED = (
    "awk '{for (i = 1; i <= NF; i++) print NR, $i}' | sort -k 1,1n -k 2"
    ' | awk \'$1 != line {if (NR > 1) print ""; line = $1} {printf "%s ", $2} END {print ""}\''
)

LOADING = 120  # seconds; an append-only file of some gigabytes is read in that time


def part(
    settings: Redis, machine: Machine, *, keep: bool = False, metrics: SecretStr | None = None
) -> Part:
    """Redis on the loopback address, with its users, bounded memory and an append-only file.

    keep: whether the former passwords stay valid until the release is live: then each step is a
    `UntilLive`, which holds until then and knows what is wanted for good.
    metrics: fingerprint of the password of whoever counts for monitoring.
    """
    skipped = "Redis | skipped in a container: vm.overcommit_memory"
    # Only a host that has users has a former password to close.
    closes = keep and bool(held(machine).users)
    lasting = _steps(settings, machine, ", without the former password", metrics=metrics)
    steps = _steps(settings, machine, keep=keep, metrics=metrics)
    return Part(
        "redis",
        tuple(map(UntilLive, steps, lasting)) if keep else steps,
        packages=tuple(packages(settings, machine)),
        last=tuple(map(UntilLive, lasting)) if closes else (),
        notes=(skipped,) if machine.container else (),
    )


def _steps(
    settings: Redis,
    machine: Machine,
    what: str = "",
    *,
    keep: bool = False,
    metrics: SecretStr | None,
) -> tuple[Step, ...]:
    files = entries(settings, machine, machine.secret, keep=keep, metrics=metrics)
    service = server(settings, files)
    after = [_keep_folder(), "systemctl daemon-reload"]
    if not machine.container:
        after.append(f"/lib/systemd/systemd-sysctl {OVERCOMMIT}")
    return (
        Files(
            name=f"Redis | configuration{what}",
            role="redis",
            entries=files,
            services=[service],
            commands=after,
        ),
        Services(f"Redis | running{what}", [service]),
    )


def _keep_folder() -> str:
    """Shell: the package leaves the folder root's when it is upgraded."""
    known = f"dpkg-statoverride --list {FOLDER} >/dev/null"
    return f"{known} || dpkg-statoverride --add root redis 0750 {FOLDER}"


def server(settings: Redis, files: Sequence[Entry]) -> Service:
    """redis-server. What tuning.conf and the users' file say is put in force while it runs.

    It answers when the operator's PING gets PONG; while it loads its data it says LOADING.
    """
    return Service(
        unit="redis-server",
        configuration=files,
        restart_paths=(CONFIGURATION, LIMITS),
        reload=_reload(settings),
        probe=f"{_say(settings, 'echo PING')} | tail -n 1 | grep -qx PONG",
        deadline=LOADING,
        live=f"{_say(settings, _ASK)}; {_say(settings, 'echo ACL LIST')} | {_ORDERED}",
    )


def _say(settings: Redis, lines: str) -> str:
    """Shell: what the command `lines` prints is said to Redis by the operator. The password goes
    through a pipe, never through an argument or the environment."""
    return f"{{ cat {OPERATOR}; {lines}; }} | redis-cli -s {SOCKET}"


def _reload(settings: Redis) -> str:
    """Shell: tuning.conf and the users' file in force, on a Redis that knows the operator.

    ACL LOAD would end the connections of all users, whether they changed or not (before 7.4); ACL
    SETUSER ends none. Who is no longer in the file goes last.
    """
    named = f"sed -n 's/^user \\([^ ]*\\).*/\\1/p' {USERS}"
    known = f"{_say(settings, 'echo ACL USERS')} | tail -n +2"
    # grep's options: what is in the first list, whole lines, as they are, and not in the second
    gone = f'{known} | grep -vxF -e "$({named})" | sed "s/^/ACL DELUSER /"'
    live = (
        f"sed -n 's/^[a-z]/CONFIG SET &/p' {TUNING};"
        f" sed -n 's/^user \\([^ ]*\\)/ACL SETUSER \\1 reset/p' {USERS}"
    )
    return (
        f"if {_say(settings, live)} | grep -vx OK; then systemctl restart redis-server;"
        f" else {_say(settings, gone)} >/dev/null; fi"
    )
