"""Whose a host is: the environment and application that made it one."""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timezone

from pyinfra import host
from pyinfra.api import StringCommand, operation

from .errors import OperatorError
from .run_lock import Answer
from .state import PROGRAMS, STATE
from .who import operator

FILE = f"{STATE}/owner"
UNMANAGED = "unmanaged"
FORGOTTEN = "forgotten"


@dataclass(frozen=True)
class Owner:
    """An environment and its application: the name, the domain, and what its repository is called.

    Two teams may call both alike, and one team may change a domain or move a repository: whoever
    differs in both is somebody else.
    """

    environment: str
    application: str
    domain: str = ""
    repository: str = ""

    def __str__(self) -> str:
        return f"{self.environment}/{self.application}"

    def is_of(self, other: Owner) -> bool:
        """Whether it is the same environment of the same application."""
        return str(self) == str(other) and (
            _meet(self.domain, other.domain) or _meet(self.repository, other.repository)
        )


SEVERAL = "applications"


def together(owners: Sequence[Owner]) -> Owner:
    """The owner of a host that several applications are on: they may come and go."""
    domains, repositories = ({o.domain for o in owners}, {o.repository for o in owners})
    return Owner(
        owners[0].environment, SEVERAL, ",".join(sorted(domains)), ",".join(sorted(repositories))
    )


def _meet(one: str, other: str) -> bool:
    """Whether two lists have something in common."""
    return bool(set(one.split(",")) & set(other.split(",")))


def require(answer: Answer, wanted: Owner, take_over: str | None) -> None:
    """Raise OperatorError when a host that said `answer` is somebody else's than `wanted`, or may
    be, unless `take_over` names whose: what is on it would be replaced, its passwords first."""
    if answer.forgotten and take_over != FORGOTTEN:
        raise OperatorError(
            f"this host was made by readyhost ({PROGRAMS} is there), but {STATE}, where it keeps"
            f" whose it is, is gone. If it is {wanted}'s, run again with --data"
            f" base.take_over={FORGOTTEN}: that writes it anew, and restarts the services. Nothing"
            " has been changed"
        )
    other = former(answer, wanted)
    if other is None or take_over == str(other):
        return
    domain = f" ({other.domain})" if other.domain else ""
    same = wanted.application == SEVERAL and _meet(other.domain, wanted.domain)
    table = f" Is it one of these, call its table [apps.{other.application}]." if same else ""
    since = f" since {answer.owner['since']}" if answer.owner.get("since") else ""
    raise OperatorError(
        f"this host belongs to {other}{domain}{since}, and this is a run of {wanted}"
        f" ({wanted.domain}): it would replace that site, its database's passwords and its"
        " backups' passphrase. If the host is to change hands, run again with"
        f" --data base.take_over={other}; what {other} has there stays until you remove it."
        f"{table} Nothing has been changed"
    )


def former(answer: Answer, wanted: Owner) -> Owner | None:
    """Whose the host is if it is not of `wanted`. Hosts made before owners were written down are
    known by their application alone."""
    if answer.owner:
        names = (field.name for field in fields(Owner))
        found = Owner(*(str(answer.owner.get(name, "unknown")) for name in names))
        return None if found.is_of(wanted) else found
    if answer.apps and wanted.application not in (SEVERAL, *answer.apps):
        return Owner("unknown", answer.apps[0])
    return None


@operation()
def claim(answer: Answer, wanted: Owner) -> Generator[StringCommand, None, None]:
    """Have the host know whose it is, before the first change to it.

    + answer: what the host said when this run began
    + wanted: the environment and application of this run
    """
    owner = asdict(wanted)
    if all(answer.owner.get(key) == value for key, value in owner.items()):
        host.noop(f"it belongs to {wanted}")
        return
    since = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = json.dumps({**owner, "who": operator(), "since": since})
    yield StringCommand(
        f"umask 077; mkdir -p {STATE} && printf '%s\\n' {shlex.quote(text)} > {FILE}.new"
        f" && sync {FILE}.new && mv {FILE}.new {FILE}"
    )
