"""What an environment still lacks: single values, or the files they would be in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic_settings import BaseSettings

from .places import KeyPath, find
from .problems import Problem
from .sources import Source, shown
from .wording import such_as

EXAMPLE = "prod"
_HOW = "make one: openssl rand -hex 32"


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
        yield Problem(
            source.origin(path), f"is missing; {_HOW}" if secret else f"is missing{such_as(place)}"
        )
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
