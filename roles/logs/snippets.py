"""Where logrotate takes files of the team's."""

from __future__ import annotations

import shlex
from pathlib import PurePosixPath

from roles.core.change import Check
from roles.core.entries import File
from roles.core.snippet_place import SnippetPlace


def takes() -> tuple[SnippetPlace, ...]:
    """What is rotated beside readyhost's own."""
    return (SnippetPlace("logrotate", "logs", "/etc/logrotate.d/{name}", check=check),)


def check(file: File) -> Check:
    """logrotate passes over what it does not understand, and says so; a log that two files name is
    rotated by neither of them as it should. It calls a file by its name in the folder alone."""
    name = shlex.quote(PurePosixPath(file.path).name)
    fault = f"grep -E '^error: ('{name}:'|.*duplicate log entry)'"
    return Check(
        f"logrotate, of {file.source},", f"! logrotate --debug /etc/logrotate.conf 2>&1 | {fault}"
    )
