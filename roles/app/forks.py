"""How many processes a command makes itself, by its own words."""

from __future__ import annotations

import re
import shlex

from . import commands

_FLAGS = {
    "celery": ("-c", "--concurrency"),
    "fastapi": ("--workers",),
    "granian": ("--workers",),
    "gunicorn": ("-w", "--workers"),
    "hypercorn": ("-w", "--workers"),
    "uvicorn": ("--workers",),
    "uwsgi": ("-p", "--processes", "--workers"),
}
# Celery's pools whose concurrency is no number of processes.
_THREADS = re.compile(r"(?:-P|--pool)[ =]?(?:solo|threads|gevent|eventlet)\b")
_VARIABLE = re.compile(r"WEB_CONCURRENCY=(\d+)")


def told(command: str) -> int:
    """The forks that a command line names (`gunicorn --workers 4`); 0 for none, or one, which is
    the process itself to whoever sizes it."""
    try:
        words = shlex.split(commands.last(command))
    except ValueError:
        return 0
    number = next((int(m[1]) for word in words if (m := _VARIABLE.fullmatch(word))), 0)
    names = (word.rpartition("/")[2] for word in words)
    name = next((name for name in names if name in _FLAGS), "")
    if name and not (name == "celery" and _THREADS.search(command)):
        number = _value(words, _FLAGS[name]) or number
    return number if number > 1 else 0


def _value(words: list[str], flags: tuple[str, ...]) -> int:
    """The number that the last of the flags has; 0 for none that is a number."""
    found = 0
    for word, following in zip(words, [*words[1:], ""], strict=True):
        for flag in flags:
            joined = word[len(flag) :].removeprefix("=") if word.startswith(flag) else ""
            text = following if word == flag else joined
            if text.isdigit():
                found = int(text)
    return found
