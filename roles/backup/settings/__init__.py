"""What an environment says about its backups: a file for each concern."""

from __future__ import annotations

from pydantic import Field

from .archive import Archive
from .content import Content
from .copies import Mirror, Offsite, Pull
from .drill import Drill
from .job_limits import JobLimits
from .patterns import HostPath
from .restore import Restore
from .schedules import Schedules

__all__ = ["Backup", "Mirror", "Offsite", "Pull", "Restore"]


# The bases are in reverse: pydantic collects fields from the last base first.
class Backup(Drill, JobLimits, Archive, Schedules, Content):
    """What is kept, where, how often, and what that may cost the live service."""

    textfile: HostPath = Field(
        "/var/lib/prometheus/node-exporter",
        description="Folder from which node-exporter reads backup.prom.",
    )
