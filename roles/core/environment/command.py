"""`python -m settings …`: what there is to do with an environment besides deploying to it."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings

from ..errors import OperatorError
from .absent import EXAMPLE, LackingError
from .check import check as check_inventory
from .creation import add_secrets, make_inventory, make_secrets, make_values
from .editor_schema import editor_schema
from .example import env_example, toml_example
from .sources import shown


def command(
    model: type[BaseSettings],
    load: Callable[[str], BaseSettings],
    directory: Path,
    arguments: Sequence[str],
    more: Callable[[], dict[Path, str]] = dict,
    *,
    shows: Mapping[str, Callable[[Any], str]] | None = None,
) -> int:
    """Run one command; returns its exit status. more: further files that are made from data.
    shows: by command what is printed of an environment's settings."""
    shows = shows or {}
    parser = argparse.ArgumentParser(prog="python -m settings")
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("new", help="make the files of a new environment")
    new.add_argument("name", type=_name)
    check = commands.add_parser("check", help="say what is wrong with an environment")
    check.add_argument("name", type=_name)
    commands.add_parser("examples", help="write the examples and the schema from the model")
    for name, show in shows.items():
        commands.add_parser(name, help=show.__doc__).add_argument("name", type=_name)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "new":
            _new(model, load, directory, chosen.name)
        elif chosen.command == "check":
            load(chosen.name)
            check_inventory(directory / f"{chosen.name}.py")
            print(f"{chosen.name}: nothing is wrong; --dry looks into the repository")
        elif chosen.command in shows:
            print(shows[chosen.command](load(chosen.name)), end="")
        else:
            for file, text in {**examples(model, directory), **more()}.items():
                file.write_text(text, "utf-8")
    except OperatorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def examples(model: type[BaseSettings], directory: Path) -> dict[Path, str]:
    """The committed files that are made from the model, with their content."""
    return {
        directory / f"{EXAMPLE}.toml.example": toml_example(model),
        directory / f"{EXAMPLE}.env.example": env_example(model),
        directory / "schema.json": editor_schema(model),
    }


def _new(
    model: type[BaseSettings], load: Callable[[str], object], directory: Path, name: str
) -> None:
    made = {
        directory / f"{name}.py": make_inventory(
            directory / f"{EXAMPLE}.py", directory / f"{name}.py"
        ),
        directory / f"{name}.toml": make_values(model, directory / f"{name}.toml"),
        directory / f"{name}.env": make_secrets(model, directory / f"{name}.env"),
    }
    for file, new in made.items():
        print(f"{shown(file)}: {'made' if new else 'is there already, left as it is'}")
    try:
        load(name)
    except LackingError as error:
        secrets = directory / f"{name}.env"
        for variable in add_secrets(secrets, error.secrets, model) if error.secrets else ():
            print(f"{shown(secrets)}: {variable}: added")
    except OperatorError:
        pass  # `check` and the next run say it


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", text):
        raise argparse.ArgumentTypeError("a name has lower case letters, digits, '-' and '_' only")
    return text
