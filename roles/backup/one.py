"""A restore of one of several applications: what is its own of what is kept."""

from __future__ import annotations

from collections.abc import Sequence

from roles.core.errors import OperatorError

from .derived import KeptApp
from .settings import Restore

TOGETHER = (
    "PostgreSQL and Redis are one for all applications, so restore.what={what} takes all of them"
    " back. Of {name} alone there are its daily dump (restore.what=dump) and its files"
    " (restore.what=files); for all leave application out. Nothing has been changed"
)


def of_one(settings: Restore, apps: Sequence[KeptApp], name: str | None) -> Restore:
    """`settings` for the application `name` alone; as they are for None. Raises OperatorError for
    what there is only as a whole, and for a database or a path of another one."""
    mine = next((each for each in apps if each.name == name), None)
    if mine is None:
        return settings
    if settings.what == "dump":
        if settings.database not in (None, mine.database):
            raise OperatorError(
                f"restore.database: {settings.database} is not {name}'s, which has {mine.database}"
            )
        return settings.model_copy(update={"database": mine.database})
    if settings.what == "files":
        foreign = [p for p in settings.paths if not f"{p}/".startswith(f"{mine.uploads}/")]
        if foreign:
            raise OperatorError(
                f"restore.paths: {', '.join(foreign)} is not {name}'s, which has {mine.uploads}"
            )
        return settings.model_copy(update={"paths": settings.paths or (mine.uploads,)})
    raise OperatorError(TOGETHER.format(what=settings.what, name=name))
