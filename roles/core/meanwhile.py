"""Work of the operator's machine beside that of hosts: while one answers, or one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import gevent
from gevent.lock import BoundedSemaphore


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Have `work` under way inside, and done afterwards.

    It fills a cache: who needs what it found asks for it afterwards, and hears then why there is
    none. When what is inside fails, it ends at once.
    """

    def quietly() -> None:
        with suppress(Exception):
            work()

    # pyinfra runs on gevent: this begins as soon as something inside waits.
    under_way = gevent.spawn(quietly)
    try:
        yield
        under_way.join()
    finally:
        under_way.kill()


def in_turn() -> AbstractContextManager[object]:
    """What only one of the hosts that prepare side by side is inside of at a time."""
    lock: AbstractContextManager[object] = BoundedSemaphore()
    return lock
