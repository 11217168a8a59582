"""All that is wrong, in one message: looks that do not depend on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .errors import OperatorError

_END = "Nothing has been changed"


class Several(OperatorError):
    """More than one problem. problems: each, without what is said of all."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        head = f"{len(problems)} things are to be put right; nothing has been changed:"
        super().__init__("\n    ".join([head, *problems]))


class Together:
    """Looks of which each is made, whatever the others find."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    @contextmanager
    def look(self) -> Iterator[None]:
        """What the body has to say against it is kept."""
        try:
            yield
        except OperatorError as error:
            self.add(error)

    def add(self, error: OperatorError) -> None:
        """One that was raised elsewhere."""
        found = [each for each in alone(error) if each not in self.problems]
        self.problems += found

    def require(self) -> None:
        """Raise OperatorError for what was found, if anything was."""
        if len(self.problems) == 1:
            raise OperatorError(f"{self.problems[0]}. {_END}")
        if self.problems:
            raise Several(self.problems)


def alone(error: OperatorError) -> Iterable[str]:
    """The problems of an error, without what is said of all."""
    if isinstance(error, Several):
        return error.problems
    return [str(error).removesuffix(_END).rstrip(" .;")]


def again(error: OperatorError, texts: Iterable[str]) -> OperatorError:
    """An error with its problems in other words."""
    found = list(texts)
    if isinstance(error, Several):
        return Several(found)
    end = f". {_END}" if str(error).endswith(_END) else ""
    return OperatorError(f"{found[0]}{end}")
