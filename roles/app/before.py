"""What must hold on a host before a release changes anything there."""

from __future__ import annotations

import json
import shlex
from typing import Any

from pyinfra import host
from pyinfra.api import FactBase

from roles.core.errors import OperatorError

from .host.layout import Layout
from .source import Source

HELD, LIVE = "held ", "live "


class BeforeFact(FactBase):
    """`live`: the record's last entry that says that `tag` was made live. `held`: who holds the
    lock. Each empty where there is none."""

    default = dict

    def command(self, record: str, lock: str, tag: str) -> str:
        first, second = shlex.quote(f'"tag": {json.dumps(tag)}'), '\'"outcome": "live"\''
        return (
            f"[ ! -s {lock} ] || flock -n {lock} true || sed 's/^/{HELD}/' {lock}; echo;"
            f" grep -F {first} {record} 2>/dev/null | grep -F {second} | tail -n 1"
            f" | sed 's/^/{LIVE}/'"
        )

    def process(self, output: list[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for line in output:
            for key in (HELD, LIVE):
                if line.startswith(key):
                    found[key.strip()] = dict(json.loads(line.removeprefix(key)))
        return found


def require(layout: Layout, source: Source) -> None:
    """Raise OperatorError when somebody else is releasing on this host, or when it has had another
    commit live under the tag of `source`."""
    known = host.get_fact(
        BeforeFact, record=str(layout.record), lock=str(layout.lock), tag=source.tag
    )
    refusal = busy(known.get("held", {}), source.tag)
    refusal = refusal or moved(known.get("live", {}), source.tag, source.commit)
    if refusal:
        raise OperatorError(f"[{host.name}] {refusal}")


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
