"""Making the wanted release live: one question to the host, and one command when it is not."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

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

    @property
    def _program(self) -> str:
        return f"/usr/local/sbin/{self.app}-release"

    def question(self) -> str:
        wish = ["--tag", self.release.tag, "--commit", self.release.commit]
        wish += ["--identity", self.identity, "--made", self.made]
        asked = shlex.join([self._program, "status", *wish])
        return f"[ ! -x {self._program} ] || {asked} 2>/dev/null || true"

    def wants(self) -> str:
        return f"{self.release.tag} {self.release.commit} {self.identity}"

    def due(self, lines: Sequence[str]) -> Due:
        state = _read(lines)
        if state.get("due") == "":
            lost = (state["lost"],) if state.get("lost") else ()
            return Due(fine=f"{self.release.tag} is live and answers", warnings=lost)
        words = list(state.get("why", ["nothing is live yet"]))
        command = [self._program, "deploy", "--tag", self.release.tag]
        command += ["--commit", self.release.commit, "--identity", self.identity, "--by", self.by]
        command += ["--rollback"] if self.is_rollback else []
        after = f" && {FORGET}" if self.is_rollback else ""
        if state.get("built"):
            return Due(
                (Do(f"{shlex.join(command)}{after}", tells=True, once=self.once),),
                words=tuple(words),
            )
        if self.taken:
            words.append(f"{self.release.tag}: {self.taken}")
        if self.unlocked:
            words.append(f"{self.release.tag} is built without a lock file: {self.unlocked}")
        log = f"/srv/{self.app}/log/build-{self.release.tag}.log"
        words.append(
            f"a build may take minutes; meanwhile, on the host: sudo tail -F {log}; what its"
            f" release steps say then: sudo journalctl -ft {self.app}-release"
        )
        files = base64.encodebytes(self.archive()).decode()
        whole = f"{shlex.join([*command, '--archive'])}{after}"
        built = Do(whole, files, tells=True, once=self.once)
        return Due((built,), words=tuple(words))


def _read(lines: Sequence[str]) -> dict[str, Any]:
    try:
        return dict(json.loads("\n".join(lines)))
    except ValueError:
        return {}
