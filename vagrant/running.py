"""What a run of pyinfra says that it did."""

from __future__ import annotations

MEMORY = "Host | what was wanted of it"
"""The step by which a host remembers the settings of the last whole run; it follows each change of
them, and each that a test takes back."""


def work(output: str) -> dict[str, int]:
    """As `changes`, of what the host is made of: without its memory of the settings."""
    return {name: count for name, count in changes(output).items() if name != MEMORY}


def changes(output: str) -> dict[str, int]:
    """Operations that changed something, by name, from the table that pyinfra ends a run with."""
    table = output.split("--> Results:", 1)[1].splitlines()
    changed = {}
    for line in table[2:]:
        if not line.strip() or line.lstrip().startswith("Grand total"):
            break
        name, _, success, _, _ = line.rsplit(maxsplit=4)
        if success != "-":
            changed[name.strip()] = int(success)
    return changed


def operations(output: str) -> int:
    """How many operations the run had."""
    total = next(line for line in output.splitlines() if line.lstrip().startswith("Grand total"))
    return int(total.split()[2])
