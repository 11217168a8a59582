"""Whether what was built is still what root sealed: its digest is compared with the noted one.

Not on each run, which would read all files: before a build is used again, weekly, and on demand.
Before it is used, one that nothing has touched since it was read (`untouched`) is not read again.
What is wrong is noted, and a build with such a note counts as none, so that it is built anew.
"""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

from roles.core.host.walk import walk

from . import built, dependencies, seal, untouched
from .built import Built
from .errors import ReleaseError
from .layout import Layout

SHOWN = 3  # names of what was changed


def look(layout: Layout, tag: str, build: Built, *, whole: bool = False) -> str:
    """Compare a build with what was noted of it. What is wrong, which is noted too, or empty.

    whole: whether all files are read, also where nothing can have touched them.
    """
    folder = built.folder_of(layout, build)
    try:
        wrong = ""
        if whole or not untouched.since(layout, tag, build):
            before = untouched.traces(folder)
            wrong = "" if seal.digest(folder) == build.tree else _changed(folder, build.when)
            if not wrong:
                untouched.note(layout, tag, build, before)
    except (OSError, ReleaseError) as error:
        wrong = str(error)
    if wrong != built.damage(layout, tag, build):
        built.note_damage(layout, tag, build, wrong)
    return wrong


def everything(layout: Layout) -> tuple[list[str], str]:
    """What is wrong with all that is built and kept, a line each, and what was looked at."""
    builds = [(tag, build) for tag, several in built.every(layout).items() for build in several]
    wrong = [
        f"{tag}: {built.folder_of(layout, build)} is not as it was built: {said};"
        " it is built anew by the next run for it, or the next rollback to it"
        for tag, build in builds
        if built.folder_of(layout, build).is_dir()
        and (said := look(layout, tag, build, whole=True))
    ]
    copies = dependencies.copies(layout)
    wrong += [
        f"{copy} is not as it was installed; it is used no more, and installed anew by a build"
        for copy in copies
        if not dependencies.sound(copy)
    ]
    return wrong, f"{len(builds)} builds and {len(copies)} kept sets of dependencies"


def _changed(folder: Path, when: str) -> str:
    """Names of what was changed since a build was sealed: the kernel's own time of a change, which
    nobody can set back."""
    since = datetime.strptime(when, "%Y-%m-%dT%H:%M:%S%z").timestamp() + 1
    found = []
    for place, folders, files in walk(folder):
        for name in [*files, *folders]:
            about = os.lstat(f"{place}/{name}")
            if about.st_ctime > since:
                found.append(
                    (stat.S_ISDIR(about.st_mode), os.path.relpath(f"{place}/{name}", folder))
                )
    names = [name for _, name in sorted(found)]
    more = f" and {len(names) - SHOWN} more" if names[SHOWN:] else ""
    return f"{', '.join(names[:SHOWN])}{more} changed since" if names else "something is missing"
