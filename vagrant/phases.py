"""The phases of a longer piece of work: each announced when it begins, timed when it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Phases:
    """Seconds that each phase took, in their order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """One phase: what happens in the `with` block."""
        print(f"\n==> {name}", flush=True)
        begin = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begin

    def table(self) -> str:
        """A line for each phase and one for all of them."""
        rows = [*self.seconds.items(), ("together", sum(self.seconds.values()))]
        return "\n".join(f"  {name:<28}{seconds:6.1f} s" for name, seconds in rows)
