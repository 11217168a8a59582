"""Roles of the team's own: folders beside its inventory, taken in without a change anywhere else.

`inventories/roles/NAME/role.py` has `part(settings, machine)`, which returns a Part called NAME. It
may have `Settings`, a `Section`: the table `[own.NAME]`. Templates lie in `NAME/templates/`, laid
out as on the host, and `render("NAME", path)` finds them.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError, create_model

from .change import SUFFIX
from .entries import Directory
from .errors import OperatorError
from .fileset import Files
from .machine import Machine
from .model import Section
from .plan import Plan, files
from .state import STATE
from .step import Part

FOLDER = Path(__file__).resolve().parents[2] / "inventories" / "roles"
READYHOSTS = Path(__file__).resolve().parents[1]


def names(folder: Path = FOLDER) -> list[str]:
    """The roles that there are."""
    return sorted(path.parent.name for path in folder.glob("*/role.py"))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"inventories.roles.{name}.role")


def model() -> type[Section]:
    """The table `[own]`: a part for each role, as its own model says."""
    fields: dict[str, Any] = {}
    for name in names():
        kind = getattr(_module(name), "Settings", Section)
        try:
            fields[name] = (kind, kind())
        except ValidationError:
            fields[name] = (kind, ...)  # it has a value without a default
    return create_model("Own", __base__=Section, **fields)


def parts(settings: Section, machine: Machine) -> Iterator[Part]:
    """What these roles make of a host."""
    for name in names():
        part = _module(name).part(getattr(settings, name), machine)
        wrong = _wrong(name, part)
        if wrong:
            raise OperatorError(
                f"inventories/roles/{name}/role.py: {wrong}. Nothing has been changed"
            )
        yield part


def _wrong(name: str, part: object) -> str:
    """Why a role can't be taken in: what it writes is told from others' by its name."""
    if name.startswith("app-") or (READYHOSTS / name).exists():
        return f"{name} is a role of readyhost's; give the folder another name"
    if not isinstance(part, Part) or part.role != name:
        return f"part must return a Part of the role {name!r}"
    if any(each.role != name for each in files([*part.steps, *part.last])):
        return f"its Files must have the role {name!r}"
    return ""


ASK = f"""
for each in {STATE}/manifest/*; do
  case $each in *{SUFFIX}) ;; *) [ ! -s "$each" ] || echo "told manifest ${{each##*/}}" ;; esac
done
"""


def gone(machine: Machine, plan: Plan) -> Part:
    """Files of roles that are no longer there are removed; what else such a role did stays."""
    present = [each for part in plan.parts for each in files([*part.steps, *part.last])]
    known = {each.role for each in present}
    names = [said[0] for said in machine.tells("manifest") if said]
    # An application that was here before has files whose removal would stop it.
    left = [name for name in names if name not in known and not name.startswith("app-")]
    return Part(
        "gone",
        tuple(Files(f"Host | no file of {name}, a role that is gone", name, ()) for name in left),
        warnings=tuple(
            f"the role {name} is not in this checkout: its files go"
            for name in left
            if not (READYHOSTS / name).exists()
        ),
    )


def require_own_paths(plan: Plan) -> None:
    """Raise OperatorError when two roles want one file, each of which would undo the other's."""
    owners: dict[str, str] = {}
    for part in plan.parts:
        for path in _files(plan, part.role):
            other = owners.setdefault(path, part.role)
            if other != part.role:
                raise OperatorError(
                    f"{path}: the role {part.role} wants it, and it is the role {other}'s."
                    " Nothing has been changed"
                )


def _files(plan: Plan, role: str) -> set[str]:
    """Paths that a role has for itself: folders may be several roles'."""
    return {entry.path for entry in plan.files(role) if not isinstance(entry, Directory)}
