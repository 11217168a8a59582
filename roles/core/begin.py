"""What every deploy does first: it locks a host, which must be its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pyinfra.api.host import Host

from .connection import tune
from .errors import OperatorError
from .lost import notice
from .outcome import report
from .owner import Owner, claim, former, require, together
from .question import mind
from .run_lock import Answer, take


class _Ssh(Protocol):
    @property
    def wait_seconds(self) -> int: ...


class _App(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def repository(self) -> str: ...
    @property
    def tag(self) -> str: ...
    @property
    def alone(self) -> bool: ...


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
    def applications(self) -> Sequence[Settings]: ...
    @property
    def base(self) -> _Base: ...


def begin(host: Host, what: str, settings: Settings) -> None:
    """Lock `host` for the deploy `what`, and require that the host is this environment's.

    Raises OperatorError, having changed nothing, when another run has the host longer than
    ssh.wait_seconds seconds, when the account may not become root, or when the host is another
    environment's or application's and not the one that base.take_over names.
    """
    tune(host)
    if state := host.state:
        # pyinfra's name `host` is another's by and by, and nobody's when the run is over.
        itself = state.inventory.get_host(host.name)
        notice(state, itself)
        report(state, itself)
        mind()
    views = settings.applications
    tags = [str(view.app.tag) for view in views]
    if len(views) > 1:
        tags = [f"{view.app.name} {view.app.tag}" for view in views]
    answer = take(host, f"{what} {', '.join(tags)}", settings.ssh.wait_seconds)
    owner = required(host, answer, settings)
    claim(name="Host | belongs to this environment", answer=answer, wanted=owner)


def required(host: Host, answer: Answer, settings: Settings) -> Owner:
    """Whose `host`, which said `answer`, is by the settings; raises OperatorError if it is not."""
    # Two inventories may give the application the same ENVIRONMENT; their files' names differ.
    environment = host.data.get("inventory") or settings.environment
    each = [_owner(environment, view) for view in settings.applications]
    owner = each[0] if len(each) == 1 and settings.app.alone else together(each)
    if any(former(answer, one) is None for one in each if answer.owner):
        return owner  # it was one of them alone until now
    try:
        require(answer, owner, settings.base.take_over)
    except OperatorError as error:
        raise OperatorError(f"[{host.name}] {error}") from None
    return owner


def _owner(environment: str, settings: Settings) -> Owner:
    repository = settings.app.repository.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return Owner(environment, settings.app.name, settings.domain, repository)
