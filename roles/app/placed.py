"""A release on one machine: what of it runs there, found once for all who ask."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from roles.core.machine import Machine

from .host.layout import Layout
from .process_layout import ProcessLayout, lay_out
from .releases import Release
from .settings import App


@dataclass(frozen=True)
class Route:
    """One of app.http: its name (of no application, which has no underscore), its sockets, paths,
    host names, and the seconds it may take."""

    name: str
    sockets: tuple[str, ...]
    paths: tuple[str, ...]
    hosts: tuple[str, ...]
    timeout: int | None


@dataclass(frozen=True)
class Placed:
    """A release with the settings and the machine that it is for."""

    settings: App
    machine: Machine
    release: Release

    @cached_property
    def layout(self) -> ProcessLayout:
        """What runs. Raises OperatorError for a process without a command, or one that the machine
        has no room for."""
        return lay_out(self.settings, self.machine, self.release)

    @property
    def sockets(self) -> tuple[str, ...]:
        """Paths of the Unix sockets that the web processes answer on."""
        return self._sockets("web", self.layout.web.instances)

    @property
    def routes(self) -> tuple[Route, ...]:
        """What Nginx asks beside the web processes: whom, for which paths and names."""
        return tuple(
            Route(
                f"{self.settings.name}_{each.name}",
                self._sockets(each.name, each.instances),
                self.settings.http[each.name].paths,
                self.settings.http[each.name].hosts,
                self.settings.http[each.name].timeout_seconds,
            )
            for each in self.layout.http
        )

    @property
    def has_ports(self) -> bool:
        """Whether any of its processes answers at a TCP port."""
        return "port" in (self.layout.listen, *(each.listen for each in self.layout.http))

    def _sockets(self, name: str, count: int) -> tuple[str, ...]:
        live = Layout(self.settings.name).live
        return tuple(f"{live}/{name}-{number}.sock" for number in range(1, count + 1))
