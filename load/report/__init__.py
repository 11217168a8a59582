"""A test as people and programs read it."""

from .page import page
from .terminal import terminal

__all__ = ["page", "terminal"]
