"""The host's side of a load test as one command over SSH: a transient unit with a program in it.

systemd ends the unit when the program ends, whoever ended it: the operator, a lost connection, a
`kill -9`, the longest time. Then it runs UNDO, which takes back whatever was lifted.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from readyhost.hosts import Host

HERE = Path(__file__).parent
UNIT = "readyhost-load"
FOLDER = "/run/readyhost-load"
SPARE = 120  # seconds beyond the test's own length, for its beginning and its end
MEMORY = "128M"
NICE = "-5"
"""A full host is to be looked at, not to be starved of its witness."""

MODULES = (
    "load", "load.histogram", "load.host", "load.host.exemption", "load.host.machine",
    "load.host.access_log", "load.host.units", "load.host.services", "load.host.single",
    "load.host.program",
)  # fmt: skip
"""In the order in which they need each other."""

BOOT = (
    "import json,sys,types\n"
    "told=json.loads(sys.stdin.readline())\n"
    "for name,text in told['modules']:\n"
    "    module=types.ModuleType(name); module.__path__=[]; sys.modules[name]=module\n"
    "    above,_,last=name.rpartition('.')\n"
    "    if above: setattr(sys.modules[above],last,module)\n"
    "    exec(compile(text,name,'exec'),module.__dict__)\n"
    "sys.exit(sys.modules['load.host.program'].main(told['wish'],sys.argv[1]))"
)


def command(user: str, seconds: int) -> str:
    """The one line that the host's login shell gets. seconds: the longest that it may take."""
    words = [
        *("systemd-run", "--quiet", "--collect", "--wait", "--pipe", f"--unit={UNIT}"),
        "--description=A load test of the operator's looks on",
        f"--property=RuntimeMaxSec={seconds + SPARE}",
        f"--property=ExecStopPost=-/bin/sh {FOLDER}/.undo",
        f"--property=MemoryMax={MEMORY}",
        f"--property=Nice={NICE}",
        "--property=TimeoutStopSec=5",
        *("--", "/usr/bin/python3", "-I", "-c", BOOT),
    ]
    start = "" if user == "root" else "sudo -n "
    # The address is what the host itself sees: there may be a translation on the way.
    return f'exec {start}{shlex.join(words)} "${{SSH_CONNECTION%% *}}"'


def first_line(wish: Mapping[str, Any]) -> str:
    """What the program is and what it is to do. No secret is in it."""
    modules = [(name, _text(name)) for name in MODULES]
    return json.dumps({"modules": modules, "wish": wish}) + "\n"


def _text(module: str) -> str:
    path = HERE.parent.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text()


def start(host: Host, seconds: int) -> list[str]:
    """OpenSSH's command line for it."""
    from readyhost.ssh import line

    return line(host, command(host.user, seconds))
