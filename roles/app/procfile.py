"""What an application says about itself: its Procfile and its package.json."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from . import commands, runtimes

_SCRIPT = re.compile(r"^(npm|pnpm|yarn)(?:\s+run)?\s+([A-Za-z0-9:_-]+)$")
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


def started(package: str) -> dict[str, str]:
    """The `start` script of a package.json as a Procfile's line; none where there is none."""
    script = start_script(package)
    return {"web": script} if script else {}


def kind(files: Collection[str], procfile: str = "") -> str:
    """The runtime of a release, from the names of the files at the application's root: `command`
    where none of them is a known one's.

    A front end's package.json beside a server in another language: the Procfile's web process
    decides. Where that does not say it, a server's own file (manage.py) does; empty where there is
    none.
    """
    found = runtimes.found(files)
    if not found:
        return "command"
    served = _served(procfile)
    first = found[0]
    is_plain = len(found) == 1 and not (first.is_front_end and served)
    if is_plain:
        return first.name
    return served or next((each.name for each in found if each.proof & set(files)), "")


def beside(files: Collection[str], chosen: str) -> str:
    """What was passed over for a `chosen` kind that nobody has set, and how to say otherwise."""
    title = runtimes.of(chosen).title
    others = [each for each in runtimes.found(files) if title and each.name != chosen]
    if not others:
        return ""
    other = others[0]
    return (
        f"it is taken for a {title} application, and the {min(other.files & set(files))} beside it"
        f' is not installed; if it is a {other.title} one, set app.kind = "{other.name}"'
    )


def _served(procfile: str) -> str:
    """The runtime that the web process of a Procfile runs; empty where that is not known."""
    try:
        name = commands.program(commands.last(parse(procfile)["web"])).rpartition("/")[2]
    except (ValueError, KeyError):
        return ""
    return runtimes.of_program(name)
