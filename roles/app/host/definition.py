"""What a release is to be on this host, as the toolkit wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roles.core.host.disk import copy_tree, read_json

from .errors import ReleaseError
from .layout import Layout

FILE = "release.json"


@dataclass(frozen=True)
class Definition:
    """release.json of a definition folder, beside its `env` and `units/<slot>/`.

    identity: digest of commit, environment and units; a slot that has another one is out of date.
    mounts: what Nginx serves beside `static`: url, key, folder, fallback of each.
    http: further kinds of web processes by name: health, listen and root (whether the site's pages
    are its) of each.
    processes: instances by name; health, build, watch, hooks: their settings; seconds and MiB
    throughout. One that an earlier version of the toolkit wrote has no watch and no hooks.
    """

    folder: Path
    tag: str
    commit: str
    identity: str
    processes: dict[str, int]
    health: dict[str, Any]
    build: dict[str, Any] = field(default_factory=dict)
    http: dict[str, dict[str, Any]] = field(default_factory=dict)
    watch: dict[str, Any] = field(default_factory=dict)
    hooks: dict[str, Any] = field(default_factory=dict)
    timers: tuple[str, ...] = ()
    release_steps: int = 0
    listen: str = "socket"
    static: str = ""
    mounts: tuple[dict[str, Any], ...] = ()
    drain: int = 10
    warm: int = 0
    keep: int = 5

    def _web(self) -> list[tuple[str, int]]:
        return [
            (name, instance)
            for name in ("web", *self.http)
            for instance in range(1, self.processes[name] + 1)
        ]

    def web(self, layout: Layout, slot: str) -> list[str]:
        """Units of the slot's web processes of all kinds, in the order of their sockets."""
        return [layout.worker_unit(name, slot, i) for name, i in self._web()]

    def sockets(self, layout: Layout, slot: str) -> list[Path]:
        return [layout.socket(slot, i, name) for name, i in self._web()]

    def each(self, layout: Layout, slot: str, **changed: int) -> dict[str, dict[str, Any]]:
        """How the units of further kinds are asked for their health."""
        return {
            layout.worker_unit(name, slot, i): {**self.http[name]["health"], **changed}
            for name, i in self._web()
            if name in self.http
        }

    def listens(self, layout: Layout, slot: str, unit: str) -> str:
        """Where the process of a unit listens: socket or port."""
        kinds = {layout.worker_unit(n, slot, i): n for n, i in self._web()}
        return str(self.http.get(kinds.get(unit, ""), {}).get("listen", self.listen))

    def page(self, layout: Layout, slot: str) -> Path:
        """Socket of a process that answers the site's pages."""
        name = next((n for n, each in self.http.items() if each["root"]), "web")
        return layout.socket(slot, 1, name)

    def workers(self, layout: Layout, slot: str) -> list[str]:
        """Units of the slot's background processes."""
        return [
            layout.worker_unit(name, slot, instance)
            for name, count in self.processes.items()
            if name != "web" and name not in self.http
            for instance in range(1, count + 1)
        ]

    def unit_files(self, slot: str) -> dict[str, bytes]:
        """Unit files of a slot by name."""
        folder = self.folder / "units" / slot
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def load(folder: Path) -> Definition:
    """The definition in `folder`. Raises ReleaseError when there is none."""
    values = read_json(folder / FILE)
    if not values:
        raise ReleaseError(f"{folder} holds no release definition; run the toolkit's deploy")
    known = {name for name in Definition.__dataclass_fields__ if name != "folder"}
    kept = {name: value for name, value in values.items() if name in known}
    lists = {name: tuple(kept.get(name, ())) for name in ("timers", "mounts")}
    return Definition(folder, **{**kept, **lists})


def take(layout: Layout, tag: str, identity: str) -> Definition:
    """What the toolkit's last run defined, for who holds the lock. Raises ReleaseError when that is
    not `tag` as `identity`."""
    # A run that will be refused for this one's lock has written its own definition by then.
    copy_tree(layout.next, layout.taken)
    definition = load(layout.taken)
    if (definition.tag, definition.identity) != (tag, identity):
        raise ReleaseError("another run has changed the definition meanwhile; run again")
    return definition
