"""docs/alerts.md: what each alert is, and what to do, is the catalogue's; its head is written by
hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill

from .alert import Alert
from .catalogue import AREAS
from .rules import UNITS, lasts
from .settings import Alerts, Limits

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "alerts.md"
MARK = "## The alerts\n"
WIDTH = 100


def written() -> dict[Path, str]:
    """The committed file, with its content."""
    head, found, _ = DOCUMENT.read_text("utf-8").partition(MARK)
    if not found:
        raise ValueError(f"{DOCUMENT.name} has no heading {MARK.strip()}")
    return {DOCUMENT: head + MARK + "".join(f"{line}\n" for line in _lines())}


def _lines() -> Iterator[str]:
    yield from ("", "| alert | what is wrong | it is told after | severity |")
    yield "| --- | --- | --- | --- |"
    for alert in _all():
        link = f"[{alert.name}](#{alert.anchor})"
        yield f"| {link} | {alert.what} | {_time(alert)} | {alert.severity} |"
    for area, alerts in AREAS.items():
        yield from ("", f"## {area}")
        for alert in alerts:
            yield from _section(alert)


def _all() -> Iterator[Alert]:
    for alerts in AREAS.values():
        yield from alerts


def _section(alert: Alert) -> Iterator[str]:
    yield from ("", f"### {alert.name}", "", f"{alert.what[0].upper()}{alert.what[1:]}.")
    if alert.explained:
        yield f"Not told while a {' or '.join(alert.explained)} runs."
    yield from ("", fill(alert.do, WIDTH, break_long_words=False, break_on_hyphens=False))
    yield from ("", f"    {alert.command}")
    if alert.settings:
        yield ""
    for key in alert.limits:
        field = Limits.model_fields[key]
        words = f"- `alerts.limits.{key} = {field.default}`: {field.description}"
        yield fill(words, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    for key in alert.keys:
        yield f"- `{key}`"


def _time(alert: Alert) -> str:
    """
    >>> from .catalogue.web import ALERTS
    >>> _time(ALERTS[0])
    '1 min'
    """
    if alert.lasts:
        unit = alert.lasts.rpartition("_")[2]
        return f"{lasts(alert, Alerts()) // UNITS[unit]} {unit}"
    return f"{alert.seconds // 60} min" if alert.seconds else "at once"
