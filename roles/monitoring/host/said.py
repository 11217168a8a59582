"""What another program says."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

SECONDS = 20


def said(command: Sequence[str], options: str = "") -> str:
    """Its output. options: PGOPTIONS. Raises CalledProcessError or TimeoutExpired."""
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        cwd="/",
        env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PGOPTIONS": options},
    ).stdout


def psql(
    port: int, database: str, user: str, command: str, options: str = ""
) -> list[dict[str, str]]:
    """Rows that the server on `port` answers, by column, to the system's user postgres. options:
    what the session begins with, whatever else the server says of it.

    Debian's own psql is Perl that looks for a cluster first: the program is in a folder of its own.
    """
    start = 'PATH="$(printf %s: /usr/lib/postgresql/*/bin)$PATH"; exec "$@"'
    arguments = ["psql", "-XAq", "-P", "footer=off", "-F", "\t", "-h", "/run/postgresql"]
    arguments += ["-p", str(port), "-U", user, "-d", database, "-c", command]
    become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    text = said([*become, "sh", "-c", start, "sh", *arguments], options)
    head, *rows = text.splitlines() or [""]
    names = head.split("\t")
    return [dict(zip(names, row.split("\t"), strict=False)) for row in rows]
