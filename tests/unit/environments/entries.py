"""Each role's files in an environment: those of the plan that deploy.py carries out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from unittest.mock import patch

from pydantic import SecretStr

from roles.core.entries import Entry
from roles.core.peer import Peer
from roles.core.plan import Plan
from roles.plan import plan
from roles.tls.provided import Provided

from .model import Environment
from .small import STANDARD

PEER = Peer("AN AUTHORITY\n", "A CERTIFICATE\n", SecretStr("ITS KEY\n"))
PROVIDED = Provided("THE CERTIFICATE\n", SecretStr("ITS KEY\n"))


def plan_of(of: Environment) -> Plan:
    """The plan of an environment's machine. A certificate that is given is nobody's."""
    with (
        patch("roles.tls.provided.read", return_value=PROVIDED),
        patch("roles.core.peer_files.read", return_value=PEER),
        patch("roles.nginx.scraped.authority", return_value="AN AUTHORITY\n"),
    ):
        return plan(of.settings, of.machine, of.release)


_STANDARD = plan_of(STANDARD)
ROLES: dict[str, Callable[[Environment], list[Entry]]] = {
    part.role: partial(lambda role, of: plan_of(of).files(role), part.role)
    for part in _STANDARD.parts
    if _STANDARD.files(part.role)
}
"""Each role's entries in an environment."""
