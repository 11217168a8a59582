"""All that is said of an application, field by field."""

from .bounds import Bounds
from .budget import Budget
from .origin import Origin
from .running import Running
from .stored import Stored
from .variables import Variables


# The bases are in reverse: pydantic collects fields from the last base first.
class Fields(Bounds, Stored, Budget, Variables, Running, Origin):
    """What an application is made of, before it is asked whether that goes together."""
