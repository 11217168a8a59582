"""A step that is neither a file nor a service: commands, and the question whether they are due."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from pyinfra import host
from pyinfra.api import FactBase, StringCommand, operation


class HoldsFact(FactBase):
    """Whether a shell test succeeds on the host."""

    default = bool

    def command(self, test: str) -> str:
        return f"if ( {test}\n) >/dev/null 2>&1 </dev/null; then echo yes; else echo no; fi"

    def process(self, output: list[str]) -> bool:
        return output[-1] == "yes"


@operation()
def run(
    unless: str, commands: Sequence[str], stdin: str | None = None
) -> Generator[StringCommand, None, None]:
    """Run `commands` in one shell that stops at the first failure, unless `unless` succeeds.

    + unless: a shell test without side effects; its success means that nothing is to be done
    + stdin: text for the commands' standard input, the way for secrets, which no argument may hold
    """
    if host.get_fact(HoldsFact, test=unless):
        host.noop("nothing to do")
        return
    script = "\n".join(["set -e", *commands])
    if stdin is None:
        yield StringCommand(script)
    else:
        yield StringCommand(script, _stdin=stdin)
