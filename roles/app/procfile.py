"""What an application says about itself: its Procfile and its package.json."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from . import commands

_SCRIPT = re.compile(r"^(npm|pnpm|yarn)(?:\s+run)?\s+([A-Za-z0-9:_-]+)$")
_PYTHON = frozenset("gunicorn uvicorn hypercorn daphne uwsgi waitress-serve granian flask".split())
_NODE = frozenset("node npm npx pnpm yarn next nuxt nest remix-serve react-router-serve".split())
# What says that Python's packages are wanted; what nothing but a server in Python has.
PYTHON = frozenset(
    "requirements.txt pyproject.toml Pipfile setup.py uv.lock poetry.lock pdm.lock Pipfile.lock"
    " pylock.toml manage.py".split()
)
SERVERS = frozenset({"manage.py"})
_NAMES = {"python": "Python", "node": "Node.js"}
_LINE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*)\s*:\s*(\S.*)$")


def parse(text: str) -> dict[str, str]:
    """Commands by process name, as in `web: gunicorn app:app`; names in lower case.

    Raises ValueError that names the line for anything that is neither that, a comment nor empty.
    """
    commands: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            raise ValueError(f"line {number} is not 'name: command'")
        name = match[1].lower().replace("_", "-")
        if name in commands:
            raise ValueError(f"line {number} names {name!r} again")
        commands[name] = match[2].strip()
    return commands


def start_script(package: str) -> str | None:
    """The `start` script of a package.json: run as it is, since npm would swallow signals."""
    try:
        scripts = json.loads(package).get("scripts", {})
        return scripts.get("start") if isinstance(scripts, dict) else None
    except (ValueError, AttributeError):
        return None


def own(command: str, package: str) -> str:
    """`npm start` and the like as the script that it would run: npm swallows signals. Those with
    something before or after it (`prestart`) stay as they are."""
    match = _SCRIPT.match(command)
    try:
        scripts = json.loads(package)["scripts"] if match else {}
        name = match[2] if match else ""
        if {f"pre{name}", f"post{name}"} & set(scripts):
            return command
        return str(scripts.get(name, command))
    except (ValueError, KeyError, TypeError, AttributeError):
        return command


def kind(files: Collection[str], procfile: str = "") -> str:
    """`node`, `python` or `command`, from the names of the files at the application's root.

    A front end's package.json beside a Python server, and the reverse: the Procfile's web process
    decides. Where that does not say it, a server's own file (manage.py) does; empty where there is
    none.
    """
    node, python = "package.json" in files, bool(PYTHON & set(files))
    server = _kind_of(procfile)
    if node and (python or server == "python"):
        return server or ("python" if SERVERS & set(files) else "")
    return "node" if node else "python" if python else "command"


def beside(files: Collection[str], chosen: str) -> str:
    """What was passed over for a `chosen` kind that nobody has set, and how to say otherwise."""
    other = {"python": "node", "node": "python"}.get(chosen, "")
    passed = "package.json" if other == "node" else min(PYTHON & set(files), default="")
    if not other or passed not in files:
        return ""
    return (
        f"it is taken for a {_NAMES[chosen]} application, and the {passed} beside it is not"
        f' installed; if it is a {_NAMES[other]} one, set app.kind = "{other}"'
    )


def _kind_of(procfile: str) -> str:
    try:
        name = commands.program(commands.last(parse(procfile)["web"])).rpartition("/")[2]
    except (ValueError, KeyError):
        return ""
    if name.startswith("python") or name in _PYTHON:
        return "python"
    return "node" if name in _NODE else ""
