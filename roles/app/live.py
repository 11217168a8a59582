"""Making the wanted release live: one question to the host, and one command when it is not."""

from __future__ import annotations

import base64
import getpass
import json
import os
import shlex
import socket
from collections.abc import Generator
from typing import Any

from pyinfra import host
from pyinfra.api import FactBase, StringCommand, operation

from .source import Source


class LiveFact(FactBase):
    """What the host's release program says of a wish; of a host without one, that all is due."""

    default = dict

    def command(self, app: str, tag: str, commit: str, identity: str) -> str:
        program = f"/usr/local/sbin/{app}-release"
        wish = f"--tag {shlex.quote(tag)} --commit {commit} --identity {identity}"
        return f"[ ! -x {program} ] || {program} status {wish} 2>/dev/null || true"

    def process(self, output: list[str]) -> dict[str, Any]:
        try:
            return dict(json.loads("\n".join(output)))
        except ValueError:
            return {}


@operation()
def live(
    app: str, source: Source, identity: str, by: str, back: bool = False
) -> Generator[StringCommand, None, None]:
    """Have `source` live with the configuration `identity`, every process answering.

    The files go along by standard input when the host has not built this commit. Fails with the
    reason, the old release serving on, when it does not build, migrate or answer.

    + app: the application's name
    + source: the commit, and where its files are
    + identity: of the definition that the role's files hold
    + by: who does it, for the host's record
    + back: whether it goes back to an earlier release
    """
    state = host.get_fact(
        LiveFact, app=app, tag=source.tag, commit=source.commit, identity=identity
    )
    if state.get("due") == "":
        host.noop(f"{source.tag} is live and answers")
        return
    for reason in state.get("why", ["nothing is live yet"]):
        host.log(f"  {reason}")
    command = [f"/usr/local/sbin/{app}-release", "deploy", "--tag", source.tag]
    command += [
        "--commit",
        source.commit,
        "--identity",
        identity,
        "--by",
        by,
        *(["--back"] if back else []),
    ]
    if state.get("built"):
        yield StringCommand(shlex.join(command))
    else:
        files = base64.encodebytes(source.archive()).decode()
        yield StringCommand(shlex.join([*command, "--archive"]), _stdin=files)


def operator() -> str:
    """Who runs this, as the host's record will name it: in CI the job, else user@machine."""
    if os.environ.get("GITHUB_ACTIONS"):
        return f"{os.environ.get('GITHUB_ACTOR', '?')} by {os.environ.get('GITHUB_WORKFLOW', '?')}"
    return f"{getpass.getuser()}@{socket.gethostname()}"
