"""A tag that names another commit than the one that was live under it."""

from __future__ import annotations

import json
import shlex
from typing import Any

from pyinfra import host
from pyinfra.api import FactBase

from roles.core.errors import OperatorError

from .host.layout import Layout
from .source import Source


class LastLiveFact(FactBase):
    """The record's last entry that says that `tag` was made live; empty for none."""

    default = dict

    def command(self, record: str, tag: str) -> str:
        wanted = [f'"tag": {json.dumps(tag)}', '"outcome": "live"']
        first, second = (shlex.quote(text) for text in wanted)
        return f"grep -F {first} {record} 2>/dev/null | grep -F {second} | tail -n 1"

    def process(self, output: list[str]) -> dict[str, Any]:
        try:
            return dict(json.loads(output[-1]))
        except (IndexError, ValueError):
            return {}


def refuse_moved(layout: Layout, source: Source) -> None:
    """Raise OperatorError when this host has had another commit live under the tag."""
    last = host.get_fact(LastLiveFact, record=str(layout.record), tag=source.tag)
    if refusal := moved(last, source.tag, source.commit):
        raise OperatorError(f"[{host.name}] {refusal}")


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
