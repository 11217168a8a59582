"""The hosts of an environment, from the inventory that pyinfra reads."""

from __future__ import annotations

import re
import runpy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roles.core.errors import OperatorError

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Host:
    """A host and what ssh needs for it. `strict`: ssh's StrictHostKeyChecking."""

    name: str
    address: str
    user: str
    port: int = 22
    key: str = ""
    known_hosts: str = ""
    strict: str = "yes"


@dataclass(frozen=True)
class Environment:
    """The names of applications, and the hosts they are on. several: whether one has to be named
    where a command is for one. settings: the inventory's."""

    apps: tuple[str, ...]
    hosts: tuple[Host, ...]
    several: bool = False
    settings: Any = None

    def app(self, name: str | None) -> str:
        """The application of that name; the only one without. Raises OperatorError for another."""
        if name in self.apps:
            return str(name)
        there = ", ".join(self.apps)
        if name:
            raise OperatorError(f"--application {name}: no such application; there is {there}")
        if self.several and len(self.apps) > 1:
            raise OperatorError(f"which application? Say --application NAME; there are {there}")
        return self.apps[0]

    def only(self, name: str | None) -> tuple[Host, ...]:
        """The host of that name; all of them without one. Raises OperatorError for no such host."""
        found = tuple(host for host in self.hosts if name in (None, host.name, host.address))
        if not found:
            names = ", ".join(host.name for host in self.hosts)
            raise OperatorError(f"--host {name}: no such host; there are {names}")
        return found


def read(name: str, root: Path = ROOT) -> Environment:
    """The environment `name`. Raises OperatorError when there is none, or its values are wrong."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", name):
        raise OperatorError(f"{name}: no name of an environment; inventories/NAME.py has them")
    file = root / "inventories" / f"{name}.py"
    if not file.is_file():
        raise OperatorError(f"inventories/{name}.py: no such environment")
    found, data = runpy.run_path(str(file))["hosts"]
    settings = data["settings"]
    apps = tuple(view.app.name for view in settings.applications)
    return Environment(apps, tuple(_hosts(found, data)), bool(settings.apps), settings)


def _hosts(found: Sequence[tuple[str, dict[str, Any]]], shared: dict[str, Any]) -> list[Host]:
    hosts = []
    for name, own in found:
        data = {**shared, **own}
        hosts.append(
            Host(
                name,
                data.get("ssh_hostname", name),
                data["ssh_user"],
                data.get("ssh_port", 22),
                data.get("ssh_key", ""),
                data["ssh_known_hosts_file"],
                data["ssh_strict_host_key_checking"],
            )
        )
    return hosts
