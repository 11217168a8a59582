"""Rendering: one Jinja2 environment for all roles, and secrets that taint what they reach."""

from __future__ import annotations

import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
)
from pydantic import SecretBytes, SecretStr

from .compiled import Compiled
from .entries import WORLD, File

ROOT = Path(__file__).resolve().parents[2] / "templates"
OWN = Path(__file__).resolve().parents[2] / "inventories" / "roles"
"""The team's own roles, each with its folder `templates`."""
MASK = str(SecretStr("x"))

_revealed: ContextVar[bool] = ContextVar("revealed", default=False)


def _finalize(value: Any) -> Any:
    if isinstance(value, SecretBytes):
        raise TypeError("a secret in a template must be text (SecretStr)")
    if isinstance(value, SecretStr):
        _revealed.set(True)
        return value.get_secret_value()
    return value


def _own(name: str) -> str | None:
    role, _, rest = name.partition("/")
    path = OWN / role / "templates" / rest
    return path.read_text() if path.is_file() else None


class _Environment(Environment):
    """A secret that is taken out by hand is one, too."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, SecretStr | SecretBytes):
            _revealed.set(True)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # A plain one: to go through Jinja2's chain of them took a third of the rendering.
        return {**self.globals, **(d or {})}


def _environment() -> Environment:
    environment = _Environment(
        loader=ChoiceLoader([FileSystemLoader(ROOT), FunctionLoader(_own)]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
        autoescape=False,  # configuration files, not HTML
        auto_reload=False,  # a run reads each once
        bytecode_cache=Compiled(Path(__file__).parent / "__pycache__", Path(__file__).read_text()),
    )
    # 'on'/'off' and 'yes'/'no' are how most configuration files spell a boolean.
    environment.filters["on_off"] = lambda value: "on" if value else "off"
    environment.filters["yes_no"] = lambda value: "yes" if value else "no"
    return environment


ENVIRONMENT = _environment()


def render(
    role: str,
    path: str,
    *,
    mode: int = 0o644,
    owner: str = "root",
    group: str = "root",
    template: str | None = None,
    **context: Any,
) -> File:
    """Render `templates/<role>/<path>.j2`, or that of a team's own role, into the File that belongs
    at `path` on the host.

    `{{ value }}` of a SecretStr is revealed and makes the file secret, which a world-readable
    `mode` refuses. `template` names another template, relative to `templates/`.

    Raises jinja2.UndefinedError for a missing value, ValueError where a secret would be lost
    (formatted into other text, so that its mask would be written) or be readable by others.
    """
    name = template or f"{role}{path}.j2"
    content, secret = _render(ENVIRONMENT.get_template(name), name, context)
    return File(path, content, mode=mode, owner=owner, group=group, secret=secret)


class Refused(Exception):
    """What is wrong in a text of the team's: `:LINE: words`, to be put behind the file's name."""


def render_text(
    text: str, path: str, *, mode: int, owner: str = "root", group: str = "root", **context: Any
) -> File:
    """The template `text` as the File at `path` on the host. One that prints a secret is closed to
    others, whatever `mode` says. Raises Refused."""
    try:
        content, secret = _render(ENVIRONMENT.from_string(text), path, context)
    except TemplateSyntaxError as error:
        raise Refused(f":{error.lineno}: {error.message}") from None
    except Exception as error:  # a template may do anything with the values
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == "<template>"
        ]
        raise Refused(f":{lines[-1] if lines else 1}: {error}") from None
    mode = mode & ~WORLD if secret else mode
    return File(path, content, mode=mode, owner=owner, group=group, secret=secret)


def _render(template: Template, name: str, context: dict[str, Any]) -> tuple[str, bool]:
    """The text, and whether a secret is in it."""
    token = _revealed.set(False)
    try:
        content = template.render(context)
        secret = _revealed.get()
    finally:
        _revealed.reset(token)
    if MASK in content:
        raise ValueError(f"{name}: a secret was joined to other text and lost; print it by itself")
    return content, secret
