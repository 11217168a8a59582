"""Rendering: one Jinja2 environment for all roles, and secrets that taint what they reach."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import SecretBytes, SecretStr

from .entries import File

ROOT = Path(__file__).resolve().parents[2] / "templates"
MASK = str(SecretStr("x"))

_revealed: ContextVar[bool] = ContextVar("revealed", default=False)


def _finalize(value: Any) -> Any:
    if isinstance(value, SecretBytes):
        raise TypeError("a secret in a template must be text (SecretStr)")
    if isinstance(value, SecretStr):
        _revealed.set(True)
        return value.get_secret_value()
    return value


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - configuration files, not HTML
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
    """Render `templates/<role>/<path>.j2` into the File that belongs at `path` on the host.

    `{{ value }}` of a SecretStr is revealed and makes the file secret, which a world-readable
    `mode` refuses. `template` names another template, relative to `templates/`.

    Raises jinja2.UndefinedError for a missing value, ValueError where a secret would be lost
    (formatted into other text, so that its mask would be written) or be readable by others.
    """
    name = template or f"{role}{path}.j2"
    token = _revealed.set(False)
    try:
        content = ENVIRONMENT.get_template(name).render(context)
        secret = _revealed.get()
    finally:
        _revealed.reset(token)
    if MASK in content:
        raise ValueError(f"{name}: a secret was joined to other text and lost; print it by itself")
    return File(path, content, mode=mode, owner=owner, group=group, secret=secret)
