"""What the PgBouncer role makes of a host."""

from __future__ import annotations

from collections.abc import Sequence

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Part
from roles.postgres import Postgres
from roles.postgres.session import AS_POSTGRES, CLIENTS

from .elsewhere import Elsewhere
from .files import ADDRESSES, ETC, UNIT, entries, packages
from .settings import PgBouncer

# Its last two columns say it; a pause that somebody forgot is ended by a restart.
NONE_PAUSED = "awk -F'|' '$NF || $(NF - 1) {paused = 1} END {exit !NR || paused}'"
SOCKETS = "/run/postgresql"
MOMENT = 0.5  # seconds; it reads its files and listens in a few milliseconds


def part(
    settings: PgBouncer,
    machine: Machine,
    *,
    server: Postgres,
    timezone: str,
    local: bool = True,
    elsewhere: Sequence[Elsewhere] = (),
) -> Part:
    """Pools in front of this host's PostgreSQL; `server` are its settings, `timezone` its zone. And
    of databases elsewhere, without a `local` one or beside it.

    Its clients are the roles that PostgreSQL has, with PostgreSQL's own passwords.
    """
    files = entries(settings, machine, server, timezone, local=local, elsewhere=elsewhere)
    service = pooler(settings, files)
    configuration = Files(
        name="PgBouncer | configuration",
        role="pgbouncer",
        entries=files,
        checks=[check()],
        services=[service],
        commands=["systemctl daemon-reload"],
    )
    running = Services("PgBouncer | running", [service])
    return Part("pgbouncer", (configuration, running), packages=tuple(packages(settings, machine)))


def pooler(settings: PgBouncer, files: Sequence[Entry]) -> Service:
    """PgBouncer. A reload keeps every client; addresses and open files take a restart."""
    return Service(
        unit="pgbouncer",
        configuration=files,
        restart_paths=(ADDRESSES, UNIT),
        # What the server's roles begin a session with may have changed: each connection is made
        # anew as soon as no client has it.
        reload=f"{console(settings, 'RELOAD')} && {console(settings, 'RECONNECT')}",
        probe=f"{console(settings, 'SHOW DATABASES')} | {NONE_PAUSED}",
        starts=check(),
        live=console(settings, "SHOW CONFIG"),
    )


def console(settings: PgBouncer, command: str) -> str:
    """Shell: one command to PgBouncer's console, which the user postgres alone has."""
    return (
        f"cd / && {AS_POSTGRES} env {CLIENTS} psql -XAtq -v ON_ERROR_STOP=1 -h {SOCKETS}"
        f" -p {settings.port} -U pgbouncer -d pgbouncer -c '{command}'"
    )


def check() -> str:
    """Shell: PgBouncer starts with the new files, for a moment, without a network or its sockets.

    Ended by the clock, status 124, it was happy to go on. Lines of clients.conf that it can't read
    are only worth a warning to it.
    """
    alone = f"sed -i 's#{ETC}#'$d'#; s#^\\(unix_socket_dir\\) .*#\\1 = '$d'#' $d/*.ini"
    # Passwords are among the files: they stay its user's. It refuses to be root, but in the view
    # that the files are tried in only root sees /etc.
    user = f"{AS_POSTGRES} --inh-caps +dac_read_search"
    start = (
        f"unshare -n timeout {MOMENT} {user} --ambient-caps +dac_read_search"
        " /usr/sbin/pgbouncer $d/pgbouncer.ini"
    )
    return (
        "d=$(mktemp -d) && trap 'rm -rf $d' EXIT"
        f" && find {ETC} -maxdepth 1 -type f -exec cp -t $d {{}} + && {alone}"
        # From here on root writes nothing in there: it would follow a link of its user's.
        f' && chown -R postgres: $d && {{ said=$({start} 2>&1); status=$?; echo "$said";'
        " [ $status = 124 ] && case $said in *WARNING*) false ;; esac; }"
    )
