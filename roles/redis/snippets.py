"""Where Redis takes files of the team's."""

from __future__ import annotations

import shlex

from roles.core.change import Check
from roles.core.entries import File
from roles.core.snippet_place import SnippetPlace, only_new, words

from .files import CONFIGURATION, FOLDER

END = "readyhost-ends-here"


def takes() -> tuple[SnippetPlace, ...]:
    """Directives that readyhost does not set. They take a restart."""
    return (
        SnippetPlace(
            "redis",
            "redis",
            f"{FOLDER}/{{name}}.conf",
            unit="redis-server",
            restart=True,
            mode=0o640,
            group="redis",
            wrong=only_new(f"{FOLDER}/*.conf", words),
            check=check,
            include=(CONFIGURATION, "include {path}"),
        ),
    )


def check(file: File) -> Check:
    """Redis reads it. It has no option that only reads: it is given a last line that it refuses,
    and a file is right when that line is what it stumbles over."""
    said = f"said=$(redis-server {shlex.quote(file.path)} --{END} x 2>&1)"
    right = f"case $said in *'>>>'*{END}*) ;; *) printf '%s\\n' \"$said\"; exit 1 ;; esac"
    return Check(f"redis-server, of {file.source},", f"{said}; {right}")
