"""What an environment still lacks: single values, or the files they would be in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic_settings import BaseSettings

from ..errors import OperatorError
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
