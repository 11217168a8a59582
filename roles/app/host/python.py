"""An application's own Python in /opt/python, where the distribution has another one: built once
from a distribution's source package, or taken ready-made from an address of the settings.

It is root's and outlives the release that brought it: those of other applications share it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from roles.core.host import disk

from . import fetched, python_source, seal, user
from .errors import ReleaseError
from .layout import Layout

RUNTIMES = Path("/opt/python")
SECONDS = 3600
"""For a build of it, which takes three minutes of two cores that nobody else uses."""


def programs(build: Mapping[str, Any]) -> str:
    """The folder of programs of the Python that `build` names, empty for the distribution's."""
    python = build.get("python")
    return str(RUNTIMES / python["name"] / "bin") if python else ""


def ensure(layout: Layout, build: Mapping[str, Any], log: Path, say: Callable[[str], None]) -> None:
    """Have the Python that `build` names.

    The build user makes it, in a home where nothing of any release has run yet and without the
    application's variables; root's copy of it is what runs.
    """
    python = build.get("python")
    if not python or (RUNTIMES / python["name"] / "bin/python3").exists():
        return
    runtime, staging = RUNTIMES / python["name"], layout.build_home / "python"
    if python.get("url"):
        what = "to fetch"
        say(f"Python {python['name']} is fetched, once for all releases")
        lines = _ready_made(staging, python)
    else:
        what = "to build"
        say(f"Python {python['name']} is built, once for all releases; it takes some minutes")
        lines = python_source.commands(staging, runtime, python)
    with tempfile.TemporaryFile() as script:
        script.write(lines.encode())
        script.seek(0)
        user.run(
            user.builder(layout, None),
            f"cat >python.sh; sh -e python.sh </dev/null # Python {python['name']}",
            layout.build_home,
            log,
            env={},
            timeout=SECONDS,
            stdin=script,
            own=fetched.Own(f"{what} Python {python['name']} (app.python)", fetched.meaning),
        )
    user.require_gone(layout.build_user)
    _adopt(layout, layout.build_now / "python/whole", runtime, python["series"])


def _ready_made(staging: Path, python: Mapping[str, Any]) -> str:
    """Shell lines that unpack an archive of python-build-standalone's shape: all in `python/`."""
    url, wanted = shlex.quote(python["url"]), python["digest"]
    before = shlex.quote(
        f"{fetched.REFUSED}app.python.digest: what is at {python['url']} has the SHA-256 "
    )
    after = f", and not {wanted}. Compare it with what its publisher says; it was not unpacked"
    return f"""mkdir -p {staging}
cd {staging}
python3 -c 'import shutil, sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=60) as said, open("python.tar.gz", "wb") as file:
    shutil.copyfileobj(said, file)' {url}
found=$(sha256sum <python.tar.gz | cut -d ' ' -f 1)
[ "$found" = {wanted} ] || {{ echo {before}"$found"{shlex.quote(after)}; exit 3; }}
mkdir out
tar -xzf python.tar.gz -C out --no-same-owner
mv out/python whole
"""


def _adopt(layout: Layout, source: Path, runtime: Path, series: str) -> None:
    """Make what was built root's, in its place. Raises ReleaseError for a link out of it, and for
    what is no Python of that series."""
    beside = runtime.with_name(f".{runtime.name}.{layout.name}")
    seal.seal(source, user.uid(layout.build_user))
    for path in source.rglob("*"):
        if path.is_symlink() and not _inside(path, source):
            raise ReleaseError(f"the Python holds a link out of it, {path.relative_to(source)}")
    if not (source / f"bin/python{series}").is_file():
        raise ReleaseError(f"what app.python names holds no bin/python{series}")
    disk.remove(beside)
    beside.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, beside, symlinks=True)
    for name in ("python3", "python"):
        path = beside / "bin" / name
        path.unlink(missing_ok=True)
        path.symlink_to(f"python{series}")
    os.sync()
    if runtime.exists():  # another application's build was faster, and runs from there
        disk.remove(beside)
    else:
        beside.replace(runtime)


def _inside(link: Path, folder: Path) -> bool:
    # As the kernel goes: what `..` is after a link only the link says.
    end, base = Path(os.path.realpath(link)), Path(os.path.realpath(folder))
    return not link.readlink().is_absolute() and base in end.parents
