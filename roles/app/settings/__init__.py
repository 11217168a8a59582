"""What an environment says about its application: a file for each concern."""

from pydantic import Field, PrivateAttr, model_validator

from roles.core.model import Section
from roles.external.settings import Source

from .. import http, mounts
from .. import names as known
from ..building import Build
from ..environment import RESERVED
from .fields import Fields
from .node import Node

__all__ = ["App", "Build", "Node", "Parts"]


class Named(Section):
    """What an application is called on its host."""

    name: str = Field(
        "app",
        pattern=r"^[a-z][a-z0-9-]{0,19}$",
        description="Name of the application: of its user, units, folders and logs.",
    )


class Parts(Fields):
    """What an application is made of, whatever it is called."""

    @model_validator(mode="after")
    def _names(self) -> "Parts":
        """A name means one thing: a process, a variable."""
        running = ["web", "release", "run", *self.http, *self.workers, *self.jobs]
        for name in running:
            if running.count(name) > 1:
                raise ValueError(f"{name!r} is used twice as the name of a process")
        processes = [
            self.web,
            *self.http.values(),
            *self.workers.values(),
            *self.jobs.values(),
        ]
        for name in {*self.env, *self.secrets, *(name for p in processes for name in p.env)}:
            if name.upper() in RESERVED:
                raise ValueError(f"{name.upper()} is set from the other settings; leave it out")
        twice = {n.upper() for n in self.env} & {n.upper() for n in self.secrets}
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: in env and in secrets")
        if said := known.conflict(self.names, {**self.env, **self.secrets}):
            raise ValueError(said)
        if said := mounts.wrong(self) or http.wrong(self):
            raise ValueError(said)
        return self


# The bases are in reverse: pydantic collects fields from the last base first.
class App(Parts, Named):
    """The application, its processes and its releases."""

    _share: int | None = PrivateAttr(None)
    # Where its database and its Redis are (roles/external).
    _database: Source = PrivateAttr("local")
    _cache: Source = PrivateAttr("local")

    @property
    def alone(self) -> bool:
        """Whether it has its host to itself."""
        return self._share is None

    @property
    def database(self) -> Source:
        """Where its database is."""
        return self._database

    @property
    def cache(self) -> Source:
        """Where its Redis is."""
        return self._cache

    @property
    def share(self) -> int:
        """Part that it has of what the applications of a host have together, percent."""
        return 100 if self._share is None else self._share
