"""Which units take a drop-in of the team's: those of readyhost's, but for what lets people in."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from .change import Check
from .entries import File
from .plan import bare, files
from .running import KINDS
from .service import Service
from .services import Services
from .snippet_place import SnippetPlace
from .step import Part

SYSTEM = "/etc/systemd/system"
WITHOUT = ("firewall", "ssh")
"""Roles whose units take none: a fault there would lock the operator out, and what undoes a change
of theirs knows their own files."""

_UNIT = re.compile(rf"{SYSTEM}/([^/]+\.(?:service|timer|socket|slice|target|swap))(?:\.d/.*)?")


def takes(parts: Sequence[Part]) -> tuple[SnippetPlace, ...]:
    """`systemd/UNIT.d` for each unit that a part starts, or writes a file of."""
    return tuple(
        place
        for part in parts
        if part.role not in WITHOUT and files(part.steps)
        for place in _of(part)
    )


def _of(part: Part) -> list[SnippetPlace]:
    services = {_full(one.unit): one for one in _services(part)}
    written = {
        found[1]
        for step in files(part.steps)
        if step.role == part.role
        for entry in step.entries
        if (found := _UNIT.fullmatch(entry.path))
    }
    names = {name: name for name in [*services, *written]}
    # postgresql@14-main also reads what all of its kind have
    names |= {re.sub(r"@[^.]*", "@", name): name for name in services if "@" in name}
    return [_place(part.role, folder, services.get(of)) for folder, of in sorted(names.items())]


def _place(role: str, folder: str, service: Service | None) -> SnippetPlace:
    return SnippetPlace(
        f"systemd/{folder}.d",
        role,
        f"{SYSTEM}/{folder}.d/{{name}}.conf",
        unit=service.unit if service else "",
        restart=True,
        check=lambda file: _check(file, _full(service.unit) if service else folder),
        commands=("systemctl daemon-reload",),
    )


def _services(part: Part) -> list[Service]:
    steps = [bare(step) for step in part.steps]
    return [one for step in steps if isinstance(step, Services) for one in step.services]


def _full(unit: str) -> str:
    return unit if unit.endswith(KINDS) else f"{unit}.service"


def _check(file: File, unit: str) -> Check:
    """systemd passes over a line that it does not understand, and says so."""
    said = f"systemd-analyze verify --man=no {shlex.quote(unit)} 2>&1"
    return Check(f"systemd, of {file.source},", f"! {said} | grep -F {shlex.quote(file.path)}")
