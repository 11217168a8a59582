"""Command lines and variables as systemd's units take them."""

from __future__ import annotations

from .commands import shell


def in_place(command: str, before: str = "") -> str:
    """ExecStart for a line of a Procfile (`VARIABLE=value program arguments`, `cd src && ...`).

    Its last program takes the shell's place, so that signals reach it. `before` goes first,
    unescaped.
    """
    return in_shell(shell(command), before)


def in_shell(command: str, before: str = "") -> str:
    """ExecStart for a command line of sh, which systemd itself is to leave alone."""
    escaped = command.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("%", "%%").replace("$", "$$")
    return f'/bin/sh -ec "{before}{escaped}"'


def assignment(name: str, value: str) -> str:
    """One variable as systemd's Environment= takes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    escaped = escaped.replace("\n", "\\n")
    return f'"{name}={escaped}"'
