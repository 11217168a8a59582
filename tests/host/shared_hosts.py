"""Converging a bare machine takes minutes, so runs of the tests that go on side by side share it:
one makes a host of each suite, and keeps a copy of it as it was after its second run. Each of the
others begins with a copy of that copy, booted: as the host would be after a power cut."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from vagrant.driver import Box, wrapper

PLACE = os.environ.get("KEPT", "")
"""The folder in which runs side by side tell each other; empty: this run is alone."""

PART = os.environ.get("PART", "test")
"""What this run is called: so are its boxes."""

PATIENCE = 900  # seconds, for a host that another run makes

AnyBox = TypeVar("AnyBox", bound=Box)


def keep(box: Box, known: Mapping[str, Any]) -> None:
    """Keep a copy of a host for the other runs, with what is `known` of it: fields of its class."""
    if PLACE:
        wrapper("copy", box.name, _name(box.suite))
        _tell(box.suite, {"known": known})


def give_up(suite: str, why: str) -> None:
    """Tell the other runs that there is no host of that suite."""
    if PLACE and not _file(suite).exists():
        _tell(suite, {"why": why})


def copied(kind: type[AnyBox], name: str, suite: str, values: Mapping[str, str]) -> AnyBox:
    """A copy of the kept host of `suite`, booted, once there is one."""
    end = time.monotonic() + PATIENCE
    while not _file(suite).exists():
        assert time.monotonic() < end, f"nobody made a host of {suite}"
        time.sleep(0.5)
    told = json.loads(_file(suite).read_text())
    assert "why" not in told, f"the host of {suite} could not be made:\n{told['why']}"
    return dataclasses.replace(kind.copied(_name(suite), name, suite, values), **told["known"])


def begun(kind: type[AnyBox], name: str, suite: str, values: Mapping[str, str]) -> AnyBox:
    """A box that the caller's run makes a host: a copy of the kept one, or a bare one if this run
    is alone."""
    if PLACE:
        return copied(kind, name, suite, values)
    return kind.boot(name, suite, values)


def _name(suite: str) -> str:
    return f"kept-{suite}"


def _file(suite: str) -> Path:
    return Path(PLACE) / f"{suite}.json"


def _tell(suite: str, what: Mapping[str, Any]) -> None:
    whole = _file(suite).with_suffix(".new")
    whole.write_text(json.dumps(what))
    whole.rename(_file(suite))
