"""Runs one command in the sandbox, with files and variables that came on standard input.

Nothing of them is in a command line. They are JSON: `files` by name, `env`, `command`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    wanted = json.load(sys.stdin)
    for name, text in wanted["files"].items():
        Path(name).write_text(text)
    # The command gets nothing more to read.
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.execvpe(wanted["command"][0], wanted["command"], wanted["env"])  # noqa: S606 - no shell


if __name__ == "__main__":
    main()
