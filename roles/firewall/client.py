"""Where the operator is connected from, as the host sees it."""

from __future__ import annotations

from pyinfra.api import FactBase


class ClientAddress(FactBase):
    """The address of this SSH connection; empty where there is none.

    sudo hides SSH_CONNECTION from what it starts, not from who looks at its parents.
    """

    def command(self) -> str:
        return (
            "p=$$; while [ $p -gt 1 ]; do"
            " tr '\\0' '\\n' </proc/$p/environ 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p';"
            " p=$(awk '{print $4}' /proc/$p/stat); done | head -n 1 | cut -d' ' -f1"
        )

    def process(self, output: list[str]) -> str:
        return output[0].strip() if output else ""
