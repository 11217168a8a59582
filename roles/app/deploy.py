"""Making the wanted release live: one question to the host, and one command when it is not."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from roles.core.once_for_all import Once
from roles.core.step import Do, Due

from .releases import Release
from .rollback import FORGET


@dataclass(frozen=True)
class Live:
    """`release` is live with the configuration `identity`, every process answering.

    The files go along by standard input when the host has not built this commit. Fails with the
    reason, the old release serving on, when it does not build, migrate or answer.

    + app: the application's name
    + identity: of the definition that the role's files hold
    + made: what it is built from, as JSON
    + by: who does it, for the host's record
    + archive: gives its files
    + unlocked: why it is built without a lock file, for words
    + taken: what its kind was taken from, for words
    + is_rollback: whether it goes back to an earlier release
    + once: what the operator's machine does when it is live, once for all hosts
    """

    name: str
    app: str
    release: Release
    identity: str
    made: str
    by: str
    archive: Callable[[], bytes] = field(repr=False)
    unlocked: str = ""
    taken: str = ""
    is_rollback: bool = False
    once: Once | None = None
    takes: ClassVar[int] = 100  # milliseconds: a program that asks each process
    is_whole: ClassVar[bool] = True  # a release is live as a whole, or not at all

    @property
    def _program(self) -> str:
        return f"/usr/local/sbin/{self.app}-release"

    @property
    def _wish(self) -> list[str]:
        wish = ["--tag", self.release.tag, "--commit", self.release.commit]
        return [*wish, "--identity", self.identity]

    def question(self) -> str:
        asked = shlex.join([self._program, "status", *self._wish, "--made", self.made])
        return f"[ ! -x {self._program} ] || {asked} 2>/dev/null || true"

    def wants(self) -> str:
        return f"{self.release.tag} {self.release.commit} {self.identity}"

    def command(self, verb: str, *more: str) -> str:
        """Shell: the host's program does `verb` for this release."""
        return shlex.join([self._program, verb, *self._wish, "--by", self.by, *more])

    def due(self, lines: Sequence[str]) -> Due:
        state = _read(lines)
        if state.get("due") == "":
            lost = (state["lost"],) if state.get("lost") else ()
            return Due(fine=f"{self.release.tag} is live and answers", warnings=lost)
        words = list(state.get("why", ["nothing is live yet"]))
        back = ["--rollback"] if self.is_rollback else []
        after = f" && {FORGET}" if self.is_rollback else ""
        if state.get("built"):
            command = self.command("deploy", *back)
            return Due(
                (Do(f"{command}{after}", tells=True, once=self.once),),
                words=tuple(words),
            )
        words += self.taken_words()
        words.append(
            f"a build may take minutes; meanwhile, on the host: {self.log}; what its"
            f" release steps say then: sudo journalctl -ft {self.app}-release"
        )
        whole = self.command("deploy", *back, "--archive")
        built = Do(f"{whole}{after}", self.files(), tells=True, once=self.once)
        return Due((built,), words=tuple(words))

    def taken_words(self) -> list[str]:
        """What is said of what a build takes."""
        words = [f"{self.release.tag}: {self.taken}"] if self.taken else []
        if self.unlocked:
            words.append(f"{self.release.tag} is built without a lock file: {self.unlocked}")
        return words

    @property
    def log(self) -> str:
        """Shell: what a build says."""
        return f"sudo tail -F /srv/{self.app}/log/build-{self.release.tag}.log"

    def files(self) -> str:
        """The commit's files for the program's standard input."""
        return base64.encodebytes(self.archive()).decode()


@dataclass(frozen=True)
class BuiltAhead:
    """The release that `live` makes live is being built, while the host gets what else it has. How
    that ends is seen there, which waits for it."""

    name: str
    live: Live
    takes: ClassVar[int] = Live.takes

    def question(self) -> str:
        return self.live.question()

    def wants(self) -> str:
        return ""

    def due(self, lines: Sequence[str]) -> Due:
        live, state = self.live, _read(lines)
        if state.get("due") == "" or state.get("built"):
            return Due(fine=f"{live.release.tag} is built")
        words = (
            *live.taken_words(),
            f"{live.release.tag} is built beside all that follows, also if this run ends; what its"
            f" build says, on the host: {live.log}",
        )
        return Due((Do(live.command("build", "--archive"), live.files()),), words=words)


def _read(lines: Sequence[str]) -> dict[str, Any]:
    try:
        return dict(json.loads("\n".join(lines)))
    except ValueError:
        return {}
