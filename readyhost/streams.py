"""Lines of several hosts as one stream, by the time that each begins with."""

from __future__ import annotations

import heapq
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

from roles.core.plain import plain

WINDOW = 1.0  # seconds that a followed line waits for an earlier one of another host
INTERRUPTED = 130


def show(commands: Mapping[str, Sequence[str]], *, follow: bool) -> int:
    """Print what the commands, by their hosts' names, say. Returns the first exit status that is
    not 0. Lines name their host where there are several."""
    running = {name: _start(command) for name, command in commands.items()}
    complaints = [_complaints(process) for process in running.values()]
    try:
        several = len(running) > 1
        streams = [_named(name if several else "", process) for name, process in running.items()]
        live = follow and several
        for line in _live(streams) if live else heapq.merge(*streams):
            sys.stdout.write(line)
            sys.stdout.flush()
        return max(process.wait() for process in running.values())
    except (KeyboardInterrupt, BrokenPipeError):
        return INTERRUPTED
    finally:
        for process in running.values():
            process.kill()
        for thread in complaints:
            thread.join(WINDOW)
        for process in running.values():
            process.communicate()


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    """ssh, whose host may say what it likes: what is shown of it is plain. It ends with this
    process, however that ends, and with it what it started on the host."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        ["sh", "-c", _HELD, "sh", *command],
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        errors="replace",
    )


# Whoever is killed closes its end of the pipe. ssh itself would look at its own only with the next
# line, which may never come.
_HELD = """
exec 3<&0
"$@" </dev/null 3<&- &
it=$!
{ cat <&3; kill $it; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $it
status=$?
kill $watch
exit $status
"""


def _complaints(process: subprocess.Popen[str]) -> threading.Thread:
    def show() -> None:
        for line in process.stderr or ():
            sys.stderr.write(plain(line))

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    return thread


def _named(name: str, process: subprocess.Popen[str]) -> Iterator[str]:
    for line in map(plain, process.stdout or ()):
        when, _, rest = line.partition(" ")
        yield f"{when} {name} {rest}" if name else line


def _live(streams: Sequence[Iterator[str]]) -> Iterator[str]:
    """Lines as they come, each after those that are earlier, until all streams have ended."""
    coming: queue.Queue[str | None] = queue.Queue()

    def pass_on(stream: Iterator[str]) -> None:
        for line in stream:
            coming.put(line)
        coming.put(None)

    for stream in streams:
        threading.Thread(target=pass_on, args=(stream,), daemon=True).start()
    waiting: list[tuple[str, float]] = []
    ended = 0
    while ended < len(streams) or waiting:
        try:
            line = coming.get(timeout=WINDOW / 4)
        except queue.Empty:
            pass
        else:
            ended += line is None
            if line is not None:
                heapq.heappush(waiting, (line, time.monotonic() + WINDOW))
        while waiting and (waiting[0][1] < time.monotonic() or ended == len(streams)):
            yield heapq.heappop(waiting)[0]
