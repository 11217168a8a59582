"""--data key=value: values from pyinfra's command line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import click
from pydantic_settings import BaseSettings
from pyinfra.connectors.ssh import ConnectorData

from .places import find
from .problems import Origin
from .sources import Source


class Overrides(Source):
    """Reads dotted keys; `aliases` are short names for some of them. Each of `tables`, dotted keys
    too, may be left out before a name in it: with `apps.shop` there is `shop.tag`.

    What pyinfra itself understands (`ssh_user`, `_sudo`…) is left to pyinfra. A secret is refused:
    every user of the operator's machine can read a command line.
    """

    rank = 3
    where = "--data"

    def __init__(
        self,
        settings_cls: type[BaseSettings],
        arguments: Iterable[str],
        aliases: Mapping[str, str],
        tables: Collection[str] = (),
    ) -> None:
        super().__init__(settings_cls)
        for argument in arguments:
            key, _, text = argument.partition("=")
            if key in ConnectorData.__annotations__ or key.startswith("_"):
                continue
            origin = Origin(self.rank, 0, self.where, key)
            path = tuple(aliases.get(key, key).split("."))
            first = path[0]
            path = next((tuple(t.split(".")) + path[1:] for t in tables if _ends(t, first)), path)
            place = find(settings_cls, path)
            if place and place.secret:
                self.secrets.add(text)
                self.refuse(origin, "is a secret and may not be on a command line", path)
            else:
                self.take(path, text, origin)


def _ends(table: str, name: str) -> bool:
    return table.rpartition(".")[2] == name


def arguments() -> tuple[str, ...]:
    """What followed each --data of the pyinfra command that is running; nothing outside of one."""
    context = click.get_current_context(silent=True)
    return tuple(context.params.get("data", ())) if context else ()
