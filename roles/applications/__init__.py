"""Several applications on one host: what each is, and a view of the settings for each.

A role of one application is given a view: settings with that application's own slice in the places
where the short form `[app]` has its own. Nothing of such a role knows of the others.

Others need of it: `Application`, `Name` (settings), `views` and `whole` (of them), `in_keys_of`
(errors in the user's own keys), `in_common` and `gone` (parts of a plan).
"""

from .common import in_common
from .errors import in_keys_of, own_conflict, own_keys
from .removal import gone
from .settings import Application, Name
from .short_form import both, completed, filled
from .view import by_name, chosen, placed, views, whole

__all__ = [
    "Application",
    "Name",
    "both",
    "by_name",
    "chosen",
    "completed",
    "filled",
    "gone",
    "in_common",
    "in_keys_of",
    "own_conflict",
    "own_keys",
    "placed",
    "views",
    "whole",
]
