"""Any language that has no file here: what it takes and how it is built, the settings say."""

from __future__ import annotations

from .. import procfile
from ..releases import Release
from .runtime import Runtime


class Command(Runtime):
    """Runs what the Procfile says."""

    name = "command"

    def lines(self, release: Release) -> dict[str, str]:
        return procfile.started(release.package)


RUNTIME = Command()
