"""The five systems that readyhost is made for: the source of docs/systems.md's tables."""

from __future__ import annotations

from .community import COMMUNITY
from .jobs import JOBS
from .media import MEDIA
from .notes import NOTES
from .system import System, Wish
from .tasks import TASKS

__all__ = ["SYSTEMS", "System", "Wish"]

SYSTEMS = (MEDIA, JOBS, TASKS, NOTES, COMMUNITY)
