"""One address that Nginx does not count, for as long as this program runs.

Nginx looks for a file at each request, so it takes effect at once, without a reload. Whoever ends
this program has systemd run UNDO: it stands on the disk before anything is lifted.
"""

from __future__ import annotations

import ipaddress
import subprocess
from pathlib import Path

FOLDER = Path("/run/readyhost-load")  # roles/core/known.py: LIFTED
LIMITS = Path("/etc/nginx/conf.d/limits.conf")
JAIL = "nginx-hostile"
BANS = ["fail2ban-client"]

UNDO = f"""\
cd {FOLDER} || exit 0
for address in *; do
    rm -f "$address"
    if [ -e ".bans-$address" ]; then fail2ban-client set {JAIL} delignoreip "$address"; fi
done
if [ -s .stopped ]; then xargs systemctl start --no-block <.stopped; fi
rm -rf {FOLDER}
"""


class Refused(Exception):
    """Why it cannot be."""


def lift(address: str) -> None:
    """Nothing that `address` asks for is counted or banned from here on."""
    name = str(ipaddress.ip_address(address))
    if str(FOLDER) not in _text(LIMITS) and "$lifted" not in _text(LIMITS):
        raise Refused("this host's Nginx cannot lift limits yet: deploy.py brings it")
    FOLDER.mkdir(mode=0o711, exist_ok=True)
    FOLDER.chmod(0o711)
    (FOLDER / ".undo").write_text(UNDO)
    _spare(name)
    (FOLDER / name).touch(0o644)


def _spare(name: str) -> None:
    """Its bans too, unless the settings say so anyway: that stays. Without bans there are none."""
    try:
        asked = subprocess.run(
            [*BANS, "get", JAIL, "ignoreip"], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and name not in asked.stdout.split():
            (FOLDER / f".bans-{name}").touch(0o600)
            subprocess.run([*BANS, "set", JAIL, "addignoreip", name], capture_output=True,
                           check=False)  # fmt: skip
    except FileNotFoundError:
        pass


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
