"""From an environment's sources to its validated model, or to every error at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings

from .absent import LackingError, absences, made, without_table
from .invalid import by_path, explain_all, giver, origin
from .keys import named_tables, tables
from .overrides import Overrides, arguments
from .partial import completed
from .places import KeyPath, find
from .problems import Conflict, Problem, masked, report
from .sources import merged, shown
from .toml_file import TomlFile
from .variables import SecretsFile, Variables

M = TypeVar("M", bound=BaseSettings)
Rule = Callable[[M], Iterable[Conflict]]


def read(
    model: type[M],
    name: str,
    directory: Path,
    *,
    rules: Sequence[Rule[M]] = (),
    aliases: Mapping[str, str] | None = None,
    named: str = "",
    ignored: Iterable[str] = (),
    defaults: Mapping[str, Any] | None = None,
    data: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> M:
    """The settings of the environment `name`, whose files are in `directory`.

    Precedence: --data (`data`, by default pyinfra's own) > process environment > NAME.env >
    NAME.toml > `defaults` > the model's defaults. `aliases` are short names for --data keys,
    `named` is a mapping to tables whose names in NAME.toml stand for themselves in --data,
    `ignored` are READYHOST_ variables that are no settings.

    Raises OperatorError with every error: of the sources, of single values, and of `rules`, as
    far as the values that a rule looks at are right. No message holds a secret.
    """
    toml_file, secrets_file = directory / f"{name}.toml", directory / f"{name}.env"
    toml = TomlFile(model, toml_file, shown(secrets_file))
    secrets = SecretsFile(model, secrets_file)
    environment = Variables(model, os.environ if environ is None else environ, ignored)
    given = arguments() if data is None else data
    below = toml.values.get(named)
    tables_named = [f"{named}.{each}" for each in below] if isinstance(below, dict) else []
    overrides = Overrides(model, given, aliases or {}, tables_named)
    sources = (overrides, environment, secrets, toml)
    values = merged(*(source() for source in sources), defaults or {}, tables(model))
    values = merged(values, named_tables(model, values))

    wrong: dict[KeyPath, list[ErrorDetails]] = {}
    settings: M | None = None
    try:
        settings = model(**values)
    except ValidationError as invalid:
        wrong = by_path(model, invalid)

    refused = {path for source in sources for path in source.refused}
    missing = [path for path, errors in wrong.items() if errors[0]["type"] == "missing"]
    problems = [problem for source in sources for problem in source.problems]
    problems += [
        Problem(origin(sources, path), explain_all(model, path, errors, giver(sources, path)))
        for path, errors in wrong.items()
        if path not in missing
    ]
    untold = (
        without_table(model, toml, (secrets, environment), missing) if toml_file.exists() else {}
    )
    problems += dict.fromkeys(untold.values())
    missing = [path for path in missing if path not in refused and path not in untold]
    if toml.is_unread:  # what seems to be missing may be in it
        missing = []
    problems += absences(model, ((toml, toml_file), (secrets, secrets_file)), missing)

    doubtful = refused | set(wrong)
    whole = None if toml.is_unread else settings or completed(model, values, wrong)
    for conflict in (conflict for rule in rules if whole for conflict in rule(whole)):
        keys = [tuple(key.split(".")) for key in conflict.keys]
        if not any(_touch(key, path) for key in keys for path in doubtful):
            problems.append(Problem(origin(sources, *keys), conflict.message))

    if problems or settings is None:
        hidden = {text for source in sources for text in source.secrets}
        secret = [
            path for path in missing if made(path) and (at := find(model, path)) and at.secret
        ]
        raise LackingError(masked(report(name, problems), hidden), tuple(secret))
    return settings


def _touch(one: KeyPath, other: KeyPath) -> bool:
    """Whether one is the other, or inside of it."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]
