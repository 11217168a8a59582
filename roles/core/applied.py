"""What the last whole run wanted of a host, a digest a step: by it what a hand changed there is
told from what a setting changed since."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .errors import OperatorError
from .state import STATE
from .step import Do, Due, Step

FILE = f"{STATE}/applied"


def marks(steps: Iterable[Step]) -> dict[str, str]:
    """By name: a digest of what each step wants, of those that want something for good.

    Raises OperatorError for two steps of one name: one's digest would be taken for the other's.
    """
    wants: dict[str, str] = {}
    for step in steps:
        if step.name in wants:
            raise OperatorError(f"two steps are called {step.name!r}. Nothing has been changed")
        wants[step.name] = step.wants()
    return {n: hashlib.sha256(text.encode()).hexdigest() for n, text in wants.items() if text}


@dataclass(frozen=True)
class Applied:
    """The host knows what was wanted of it. Comes last: what a run did not come to is not in it."""

    marks: Mapping[str, str]
    name: str = "Host | what was wanted of it"

    def question(self) -> str:
        return f"cat {FILE} 2>/dev/null; true"

    def wants(self) -> str:
        return ""

    def due(self, lines: Sequence[str]) -> Due:
        if read(lines) == self.marks:
            return Due(fine="it knows")
        text = f"{json.dumps(self.marks, indent=1)}\n"
        write = f"umask 077; cat > {FILE}.new && sync {FILE}.new && mv {FILE}.new {FILE}"
        return Due((Do(write, text),))


def forget(beginning: str) -> str:
    """Shell: the host forgets what was wanted of it by steps whose names begin so: something that
    is no whole run has made it otherwise, and no hand has."""
    words = ["python3", "-c", _FORGET, FILE, beginning]
    return f"{{ [ ! -e {FILE} ] || {shlex.join(words)} || true; }}"


_FORGET = """
import json, os, sys
file, beginning = sys.argv[1:]
known = json.load(open(file))
kept = {name: mark for name, mark in known.items() if not name.startswith(beginning)}
os.umask(0o077)
with open(f"{file}.new", "w") as new:
    json.dump(kept, new, indent=1)
os.replace(f"{file}.new", file)
"""


def read(lines: Sequence[str]) -> dict[str, str]:
    """What the host knows; nothing where no whole run has ended, or the file is damaged."""
    try:
        return dict(json.loads("\n".join(lines)))
    except (ValueError, TypeError):
        return {}


@dataclass(frozen=True)
class Difference:
    """A step that a host is not as it wants. by_hand: the settings are those of the last run.
    meant: whether a run only says it, as somebody may want it so."""

    name: str
    by_hand: bool
    words: tuple[str, ...]
    meant: bool = False

    def __str__(self) -> str:
        if self.meant:
            return f"{self.name}: a run says this, and leaves it"
        who = "changed on the host" if self.by_hand else "not brought there yet"
        return f"{self.name}: {who}"


def differences(plan: Sequence[Step], said: Sequence[Sequence[str]]) -> list[Difference]:
    """What is not as `plan` wants on a host that answered `said`, a list of lines for each step."""
    known, now = read(said[-1]), marks(plan)
    found = []
    for step, lines in zip(plan[:-1], said[:-1], strict=True):
        due = step.due(lines)
        if due.do or due.waits:
            words = (*due.words, *(line for each in due.do for line in each.words))
            by_hand = step.name in known and known[step.name] == now.get(step.name)
            found.append(Difference(step.name, by_hand, words))
        elif due.words:
            found.append(Difference(step.name, True, due.words, meant=True))
    return found
