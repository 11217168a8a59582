"""What the applications of a host share: the program that releases each of them, and the one that
removes what is kept of one that is gone."""

from __future__ import annotations

from pathlib import Path

from roles.app.installed import build_slice, program
from roles.core.entries import Directory, File
from roles.core.fileset import Files
from roles.core.programs import program_files
from roles.core.step import Part

ROLE = "applications"
FOLDER = "/usr/local/lib/readyhost/applications"
COMMAND = "/usr/local/sbin/readyhost-remove"
SOURCES = Path(__file__).with_name("host")
_START = f"""#!/usr/bin/python3 -I
\"\"\"Removes what is kept of an application that is not in the settings any more: NAME.\"\"\"
import sys

sys.path.insert(0, "{Path(FOLDER).parent}")
from applications.remove import main

sys.exit(main(sys.argv[1:]))
"""


def in_common() -> Part:
    """Comes before the parts of the applications."""
    files = Files(
        name="Applications | what they share",
        role=ROLE,
        entries=[
            *program(),
            build_slice("applications"),
            Directory(FOLDER),
            *program_files(SOURCES, FOLDER),
            File(COMMAND, _START, mode=0o755),
        ],
        commands=["systemctl daemon-reload"],
    )
    return Part(ROLE, (files,))
