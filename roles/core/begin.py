"""What every deploy does first: it locks a host, which must be its own."""

from __future__ import annotations

from typing import Protocol

from pyinfra.api.host import Host

from .connection import tune
from .errors import OperatorError
from .lost import notice
from .outcome import report
from .owner import Owner, claim, require
from .question import mind
from .run_lock import Answer, take


class _Ssh(Protocol):
    @property
    def wait(self) -> int: ...


class _App(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def repository(self) -> str: ...
    @property
    def tag(self) -> str: ...


class _Base(Protocol):
    @property
    def take_over(self) -> str | None: ...


class Settings(Protocol):
    """What is needed of an environment's settings."""

    @property
    def environment(self) -> str: ...
    @property
    def domain(self) -> str: ...
    @property
    def ssh(self) -> _Ssh: ...
    @property
    def app(self) -> _App: ...
    @property
    def base(self) -> _Base: ...


def begin(host: Host, what: str, settings: Settings) -> None:
    """Lock `host` for the deploy `what`, and require that the host is this environment's.

    Raises OperatorError, having changed nothing, when another run has the host longer than
    ssh.wait seconds, when the account may not become root, or when the host is another
    environment's or application's and not the one that base.take_over names.
    """
    tune(host)
    if state := host.state:
        # pyinfra's name `host` is another's by and by, and nobody's when the run is over.
        itself = state.inventory.get_host(host.name)
        notice(state, itself)
        report(state, itself)
        mind()
    answer = take(host, f"{what} {settings.app.tag}", settings.ssh.wait)
    owner = required(host, answer, settings)
    claim(name="Host | belongs to this environment", answer=answer, wanted=owner)


def required(host: Host, answer: Answer, settings: Settings) -> Owner:
    """Whose `host`, which said `answer`, is by the settings; raises OperatorError if it is not."""
    repository = settings.app.repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    # Two inventories may give the application the same ENVIRONMENT; their files' names differ.
    environment = host.data.get("inventory") or settings.environment
    owner = Owner(environment, settings.app.name, settings.domain, repository)
    try:
        require(answer, owner, settings.base.take_over)
    except OperatorError as error:
        raise OperatorError(f"[{host.name}] {error}") from None
    return owner
