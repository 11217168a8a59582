"""Ways to break something on a host, and to put it back."""

from __future__ import annotations

import shlex
import zlib
from typing import NamedTuple

SITE = "/etc/nginx/sites-enabled/app.conf"
RELOAD = "nginx -t -q && systemctl reload nginx"


class Broken(NamedTuple):
    """does: shell that takes a line away. undoes: puts it back. hides: once Nginx has taken over
    what `does` wrote, puts the file back, so that only what runs is otherwise: visitors see it,
    the files on the host do not show it."""

    does: str
    undoes: str
    hides: str = ""


def edited(file: str, script: str) -> Broken:
    """A file changed by sed; the copy that is put back is the same file, with its times."""
    copy = _copy(file, script)
    return Broken(f"cp -p {file} {copy} && sed -i {script} {file}", f"mv {copy} {file}")


def kept(file: str, does: str) -> Broken:
    """What writes a file that may be there, or not."""
    copy = _copy(file, does)
    return Broken(
        f"[ ! -e {file} ] || cp -p {file} {copy}; {does}",
        f"rm -f {file}; [ ! -e {copy} ] || mv {copy} {file}",
    )


def moved(file: str) -> Broken:
    copy = _copy(file, "moved")
    return Broken(f"mv {file} {copy}", f"mv {copy} {file}")


def served(script: str) -> Broken:
    """The site that Nginx runs with changed by sed, and its file no longer."""
    copy = _copy(SITE, script)
    return Broken(
        f"cp -p {SITE} {copy} && sed -i {shlex.quote(script)} {SITE}", "true", f"mv {copy} {SITE}"
    )


def location(text: str) -> Broken:
    """A location more in that site."""
    return served(f"/^    ssl_certificate_key/i \\    location {text}")


def overridden(id: str, unit: str, lines: str) -> Broken:
    """Lines for a unit until the next boot, where no role of a plan looks."""
    folder = f"/run/systemd/system/{unit}.d"
    return Broken(
        f"mkdir -p {folder} && printf '[Service]\\n{lines}\\n' >{folder}/zz-{id}.conf &&"
        " systemctl daemon-reload",
        f"rm {folder}/zz-{id}.conf && {{ rmdir {folder} || :; }} && systemctl daemon-reload",
    )


def _copy(file: str, change: str) -> str:
    """A place of its own for each change of a file."""
    return f"/root/broken{file.replace('/', '-')}-{zlib.crc32(change.encode()):x}"
