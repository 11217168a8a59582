"""What uv.lock says, as a list that pip installs. uv itself makes it, without a network."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from uv import find_uv_bin

from roles.core.errors import OperatorError

from ..releases import Release
from .entries import Broken

SECONDS = 60
_END = '[project]\nname = "above"\nversion = "0"\n'
_EXPORT = (
    "export --quiet --frozen --offline --no-config --no-cache --no-progress --format"
    " requirements.txt --no-header --no-annotate --no-editable --no-dev"
).split()


def export(release: Release, groups: Iterable[str], extras: Iterable[str]) -> str:
    """A list of requirements with hashes; paths and repositories in it have none.

    Raises OperatorError with uv's reason, Broken for one that it does not come to an end with.
    """
    chosen = [f"--group={name}" for name in groups] + [f"--extra={name}" for name in extras]
    with tempfile.TemporaryDirectory() as above:
        folder = Path(above, "project")
        folder.mkdir()
        # uv looks upwards for a workspace, and everybody may write to /tmp: here its search ends.
        Path(above, "pyproject.toml").write_text(_END)
        for name in ("pyproject.toml", "uv.lock"):
            Path(folder, name).write_text(release.text(name))
        try:
            done = subprocess.run(
                [find_uv_bin(), *_EXPORT, *chosen],
                cwd=folder,
                # Nothing of the operator's own takes part: the same list for everybody.
                env={"HOME": above, "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"},
                check=False,
                capture_output=True,
                text=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Broken(f"uv has not read it within {SECONDS} seconds") from None
    if done.returncode:
        said = " ".join(done.stderr.split()).removeprefix("error: ")
        raise OperatorError(f"uv.lock of {release.tag}: {said}. Nothing has been changed")
    return done.stdout
