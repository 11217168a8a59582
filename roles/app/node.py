"""What an operator is told about the Node.js that the settings ask for."""

from __future__ import annotations

from roles.core.machine import Machine

from .host import node_lock
from .settings import Node


def unknown(settings: Node, machine: Machine) -> str:
    """That the pinned version is installed as it comes, since no digest of it is known; empty when
    one is."""
    if settings.source != "registry":
        return ""
    lock = node_lock.lock(settings.version, settings.integrity or "", machine.architecture)
    if lock.integrity:
        return ""
    return (
        f"no digest of Node.js {settings.version} is known, so it is taken as it comes:"
        f" set app.node.integrity (npm view {lock.name}@{settings.version} dist.integrity)"
    )
