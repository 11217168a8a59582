"""How the values of an environment are read, checked and explained, whatever its model."""

from .problems import Conflict
from .reading import Rule, read

__all__ = ["Conflict", "Rule", "read"]
