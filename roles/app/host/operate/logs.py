"""logs: what the application's processes and Nginx say, one line each, merged by time."""

from __future__ import annotations

import argparse
import heapq
import os
import re
import select
import sys
import time
from collections.abc import Callable

from ..errors import ReleaseError
from ..layout import Layout
from . import lines, since, sources

USUAL = "1h"
OF_REQUEST = "1d"  # for --request: an id comes from somebody who saw an error earlier today
WINDOW = 1.0  # seconds that a followed line waits for an earlier one from elsewhere
PIECE = 65536  # bytes


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked of the logs."""
    parser.add_argument("-f", "--follow", action="store_true", help="go on as lines come")
    parser.add_argument("--since", help=f"{since.FORMS}; {USUAL} when not given, {OF_REQUEST} for"
                        " --request, nothing for -f")  # fmt: skip
    parser.add_argument("--grep", default="", help="lines that this regular expression is found in")
    parser.add_argument("--request", default="", help="one request, by Nginx's id (X-Request-ID)")


def show(layout: Layout, options: argparse.Namespace) -> int:
    """Print lines: time (UTC), who says it, what. Raises ReleaseError for a wrong argument."""
    wanted = _filter(options.grep, options.request)
    given = options.since or (OF_REQUEST if options.request else USUAL)
    begin = since.seconds(given, time.time())
    out = sys.stdout
    if options.since or not options.follow:
        for line in heapq.merge(*sources.past(layout, begin)):
            if wanted(line):
                out.write(f"{line}\n")
        out.flush()
    if options.follow:
        _follow(layout, wanted)
    return 0


def _filter(pattern: str, request: str) -> Callable[[str], bool]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise ReleaseError(f"--grep {pattern}: {error}") from None
    if request and not re.fullmatch(r"[A-Za-z0-9_-]{6,128}", request):
        raise ReleaseError(f"--request {request}: not the id of a request; X-Request-ID has it")
    return lambda line: request in line and bool(expression.search(line))


def _follow(layout: Layout, wanted: Callable[[str], bool]) -> None:
    """Print lines as they come, until nobody is there any more."""
    waiting: list[tuple[str, float]] = []  # a line and when it came
    rests: dict[int, bytes] = {}
    with sources.coming(layout) as streams:
        poll = select.poll()
        poll.register(1, 0)
        for descriptor in streams:
            poll.register(descriptor, select.POLLIN)
        while True:
            for descriptor, event in poll.poll(200):
                if descriptor == 1 or not event & select.POLLIN:
                    return
                *whole, rest = (rests.get(descriptor, b"") + os.read(descriptor, PIECE)).split(
                    b"\n"
                )
                rests[descriptor] = rest
                now = time.monotonic()
                found = lines.each(streams[descriptor], whole)
                waiting += [(line, now) for line in found if wanted(line)]
            _print(waiting)


def _print(waiting: list[tuple[str, float]]) -> None:
    """Print in order what has waited long enough, and what is earlier than that."""
    waiting.sort()
    due = [i for i, (_, came) in enumerate(waiting) if came < time.monotonic() - WINDOW]
    if due:
        sys.stdout.writelines(f"{line}\n" for line, _ in waiting[: due[-1] + 1])
        sys.stdout.flush()
        del waiting[: due[-1] + 1]
