"""What a command may do: the properties that the unit file NAME-run-SLOT.service has, which is made
of the same parts as those of the application's own processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import ReleaseError
from ..layout import Layout

# How a command starts and where its words go is systemd-run's to say.
_OWN = {"Type", "ExecStart", "StandardOutput", "StandardError", "SyslogIdentifier"}
_LISTS = {"IPAddressAllow", "IPAddressDeny"}


def properties(layout: Layout, slot: str) -> list[tuple[str, str]]:
    """Properties for systemd-run, in order. A command stays in the release that it began in: links
    that the next deploys turn are followed now. Raises ReleaseError when there is no such unit."""
    try:
        text = (layout.units / layout.run_unit(slot)).read_text()
        folder = str(layout.slot(slot).resolve(strict=True))
    except OSError as error:
        raise ReleaseError(
            f"{error.filename}: {error.strerror}; a run of deploy.py makes it"
        ) from None
    return list(parse(text, str(layout.slot(slot)), folder))


def parse(text: str, link: str, folder: str) -> Iterator[tuple[str, str]]:
    """Properties in the [Service] section of a unit file, `folder` in the place of `link`."""
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line
        name, equals, value = line.partition("=")
        if section != "[Service]" or line.startswith("#") or not equals or name in _OWN:
            continue
        # A unit file's own escape; what systemd-run is told is taken as it is.
        value = value.replace("%%", "%").replace(f"{link}/", f"{folder}/")
        if value == link:
            value = folder
        # It takes `localhost` alone, and not among others.
        for part in value.split() if name in _LISTS else [value]:
            yield name, part


_SERVICES = {"psql": ("PGHOST", "database"), "redis-cli": ("REDIS_HOST", "Redis")}


def require(name: str, kind: str, files: Sequence[Path]) -> None:
    """Raises ReleaseError for psql or redis-cli of an application that has no such service."""
    variable, what = _SERVICES[kind]
    told = [line.partition("=")[0] for file in files for line in file.read_text().splitlines()]
    if files and variable not in told:
        raise ReleaseError(f"{name} has no {what}: its source is none in the settings")


def env_file(layout: Layout, slot: str) -> Path:
    """Variables with which psql and redis-cli get in as the application does."""
    return layout.started(slot) / "operator-env"
