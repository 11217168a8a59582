"""What must hold on a host before a release changes anything there."""

from __future__ import annotations

import json
import shlex
from typing import Any

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .host.layout import Layout
from .releases import Release

HELD, LIVE, NONE = "release-held", "release-live", "release-none"


def ask(layout: Layout, tag: str, *, lock: bool = True, of: str = "") -> str:
    """Shell for the machine's question. It tells who holds the lock, which it has to try for that,
    of the record the last entry that says that `tag` was made live, and whether none ever was. of:
    the application's name again, where it is one of several."""
    first, second = shlex.quote(f'"tag": {json.dumps(tag)}'), '\'"outcome": "live"\''
    held = (
        f"[ ! -s {layout.lock} ] || flock -n {layout.lock} true"
        f" || sed 's/^/told {_of(HELD, of)} /' {layout.lock}; echo;"
    )
    return (
        f"{held if lock else ''}"
        f" grep -F {first} {layout.record} 2>/dev/null | grep -F {second} | tail -n 1"
        f" | sed 's/^/told {_of(LIVE, of)} /';"
        f" [ -L {layout.live} ] || echo told {_of(NONE, of)}"
    )


def is_first(machine: Machine, of: str = "") -> bool:
    """Whether nothing of the application was ever live on this host."""
    return _of(NONE, of) in machine.told


def require(machine: Machine, release: Release, of: str = "") -> None:
    """Raise OperatorError when somebody else is releasing on this host, or when it has had another
    commit live under the tag of `release`."""
    refusal = busy(_told(machine, _of(HELD, of)), release.tag)
    refusal = refusal or moved(_told(machine, _of(LIVE, of)), release.tag, release.commit)
    if refusal:
        raise OperatorError(refusal)


def _of(what: str, name: str) -> str:
    return f"{what}-{name}" if name else what


def _told(machine: Machine, of: str) -> dict[str, Any]:
    found = [line.removeprefix(f"{of} ") for line in machine.told if line.startswith(f"{of} ")]
    return dict(json.loads(found[-1])) if found else {}


def busy(holder: dict[str, Any], tag: str) -> str:
    """Who is in the way of releasing `tag`; empty for nobody. A run of the same release is not: the
    host waits for it."""
    if not holder or holder.get("what") == f"release {tag}":
        return ""
    return (
        f"{holder.get('who', 'somebody')} is busy with {holder.get('what', 'a release')} since"
        f" {holder.get('since', '?')}; run again when that is done. Nothing has been changed"
    )


def moved(last: dict[str, Any], tag: str, commit: str) -> str:
    """Why `tag` may not be released as `commit`, after the entry `last`; empty when it may."""
    was = last.get("commit", commit)
    if was == commit:
        return ""
    return (
        f"the tag {tag} was {was[:12]} when {last.get('who', 'somebody')} made it live"
        f" ({last.get('when', '?')}) and is {commit[:12]} now. A tag that was released must not"
        f" move: give the new commit a new tag, or put the old one back with"
        f" `git tag -f {tag} {was[:12]}`"
    )
