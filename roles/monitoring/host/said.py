"""What another program says."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

SECONDS = 20


def said(command: Sequence[str], stdin: str = "") -> str:
    """Its output. Raises CalledProcessError or TimeoutExpired."""
    return subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        input=stdin,
        timeout=SECONDS,
        cwd="/",
        env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    ).stdout


def psql(port: int, database: str, user: str, command: str) -> list[dict[str, str]]:
    """Rows that the server on `port` answers, by column, to the system's user postgres. Debian's own
    psql is Perl that looks for a cluster first: the program itself is in a folder of its version."""
    start = 'PATH="$(printf %s: /usr/lib/postgresql/*/bin)$PATH"; exec "$@"'
    arguments = ["psql", "-XAq", "-P", "footer=off", "-F", "\t", "-h", "/run/postgresql"]
    arguments += ["-p", str(port), "-U", user, "-d", database, "-c", command]
    become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    head, *rows = said([*become, "sh", "-c", start, "sh", *arguments]).splitlines() or [""]
    names = head.split("\t")
    return [dict(zip(names, row.split("\t"), strict=False)) for row in rows]
