"""What an environment still lacks: single values, or the files they would be in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic_settings import BaseSettings

from ..errors import OperatorError
from .keys import dotted
from .places import KeyPath, find
from .problems import Problem
from .sources import Source, shown
from .wording import such_as

EXAMPLE = "prod"
# Secrets that are whatever one makes them; an address or an account's key is somebody else's.
_MADE = frozenset({"secret_key", "password", "passphrase"})


class LackingError(OperatorError):
    """What is wrong with an environment, and those of its missing secrets that can be made."""

    def __init__(self, message: str, secrets: tuple[KeyPath, ...]) -> None:
        super().__init__(message)
        self.secrets = secrets


def made(path: KeyPath) -> bool:
    """Whether a random value does for this secret."""
    return path[-1] in _MADE


def without_table(
    model: type[BaseSettings], toml: Source, others: Iterable[Source], missing: Iterable[KeyPath]
) -> dict[KeyPath, Problem]:
    """Of what is missing what belongs to a table with a name of its own (`[apps.shop]`) that
    NAME.toml does not have, while another source gives some of its keys: the first of those."""
    given = [(path, source.origins[path]) for source in others for path in source.origins]
    found: dict[KeyPath, Problem] = {}
    for path in missing:
        table = _named(model, path)
        of_it = [origin for key, origin in given if table and key[: len(table)] == table]
        if of_it and toml.depth(path) < len(table):
            found[path] = Problem(min(of_it), _no_table(dotted(table), toml.where))
    return found


def _no_table(table: str, where: str) -> str:
    return (
        f"is for [{table}], a table that {where} does not have: write it there, or leave this out"
    )


def _named(model: type[BaseSettings], path: KeyPath) -> KeyPath:
    """The innermost table with a name of its own that a key is in; empty for none."""
    for length in range(len(path) - 1, 1, -1):
        above = find(model, path[: length - 1])
        if above and above.kind == "mapping" and above.items and above.items.model:
            return path[:length]
    return ()


def absences(
    model: type[BaseSettings],
    files: tuple[tuple[Source, Path], tuple[Source, Path]],
    missing: Iterable[KeyPath],
) -> Iterator[Problem]:
    """A problem for each missing value, in NAME.toml or, if it is secret, in NAME.env; one for
    both files if they are not there."""
    (toml, toml_file), (secrets, secrets_file) = files
    needed: dict[Path, Source] = {}
    for path in missing:
        place = find(model, path)
        secret = bool(place and place.secret)
        source, file = (secrets, secrets_file) if secret else (toml, toml_file)
        if not file.exists():
            needed[file] = source
            continue
        how = f"; `make environment NAME={toml_file.stem}` adds it" if made(path) else ""
        yield Problem(source.origin(path), f"is missing{how if secret else such_as(place)}")
    if needed:
        names = " and ".join(shown(file) for file in needed)
        examples = " and ".join(shown(_example(file)) for file in needed)
        be, them = ("are", "them") if len(needed) > 1 else ("is", "it")
        yield Problem(
            replace(next(iter(needed.values())).origin(()), where=names),
            f"{be} missing; `make environment NAME={toml_file.stem}` makes {them} from {examples}",
        )


def _example(file: Path) -> Path:
    own = file.with_name(f"{file.name}.example")
    return own if own.exists() else file.with_name(f"{EXAMPLE}{file.suffix}.example")
