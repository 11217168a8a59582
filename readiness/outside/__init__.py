"""Looks from the operator's machine, as a visitor has them. Bounded, and nothing is written."""

from __future__ import annotations

import http.client
import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..inside.each import serving
from ..inside.look import short
from ..outcome import Finding, unknown, unwanted
from . import ports, tls, web
from .client import Refused, Visitor

if TYPE_CHECKING:
    from settings import Settings

__all__ = ["looked", "sample", "sampled"]

_LOOKS: tuple[tuple[str, Callable[[Settings, Visitor, str], Finding]], ...] = (
    ("HOST-02", ports.closed),
    ("WEB-02", tls.certificate),
    ("WEB-02", tls.old_protocols),
    ("WEB-02", tls.redirected),
    ("WEB-03", web.compressed),
    ("WEB-05", web.headers),
    ("WEB-06", web.files),
    ("WEB-09", web.origins),
    ("WEB-10", web.documentation),
    ("WEB-14", web.unknown_files),
)
_OF_PROCESSES = ("WEB-10",)
"""What files have none of: a page of theirs may stand at each path."""


def sample(settings: Settings) -> str:
    """Shell: prints the longest style or script among the live release's static files."""
    app = settings.applications[0].app
    if not app.static:
        return "true"
    folder = shlex.quote(f"/srv/{app.name}/current/{app.static}")
    return (
        f"cd {folder} && find . -xdev -type f \\( -name '*.css' -o -name '*.js' \\)"
        " -printf '%s %P\\n' | sort -rn | head -n 1 | cut -d' ' -f2-; true"
    )


def sampled(lines: Sequence[str]) -> str:
    """Its path on the site, empty for none."""
    name = lines[0] if lines else ""
    plain = name and all(each.isalnum() or each in "._-/" for each in name)
    return f"/static/{name}" if plain else ""


def looked(settings: Settings, address: str, file: str) -> Iterator[tuple[str, Finding]]:
    """What each look at the host `address` found, by the id of its line."""
    first, *others = settings.applications
    runs = serving(settings)
    for id, look in _LOOKS:
        if id not in _OF_PROCESSES:
            yield id, _taken(look, first, address, file)
        elif runs:
            yield id, _taken(look, runs, address, file)
        else:
            yield id, unwanted("nothing runs there: files have no API")
    # Each name has to be in a certificate; all else is asked of the first application alone, so
    # that a host of ten does not refuse this machine for asking too much (WEB-04).
    for view in others:
        found = _taken(tls.certificate, view, address, "")
        words = short(f"{view.domain}: {found.evidence}")
        yield "WEB-02", Finding(found.outcome, words, found.when)


def _taken(
    look: Callable[[Settings, Visitor, str], Finding], view: Settings, address: str, file: str
) -> Finding:
    visitor = Visitor(view.domain, address, view.nginx.origin.asked)
    try:
        finding = look(view, visitor, file)
    except Refused as error:
        finding = unknown(str(error))
    except (OSError, ValueError, LookupError, EOFError, http.client.HTTPException) as error:
        finding = unknown(f"no answer: {error or type(error).__name__}")
    return Finding(finding.outcome, short(finding.evidence), finding.when)
