"""Folders of a release that Nginx serves by itself, each at a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass

YEAR = 31_536_000
"""How long browsers keep what never changes, seconds: the longest that they take for meant."""

HASHED = (
    # what Next.js, Nuxt, Astro and SvelteKit never change under its name
    r"((^|/)(_next/static|_nuxt/(?!builds/)|_astro|_app/immutable)/.+"
    # Vite, Angular, Create React App: eight letters and more beside names of people's own, which
    # are words; so one that is no small letter is among them
    r"|(^|/)(assets|chunks|static/(js|css|media))/.*[.-](?=[a-z-]*[A-Z0-9_])[A-Za-z0-9_-]{8,}"
    # anywhere
    r"|[.-][0-9a-f]{8,64})(\.[a-z0-9]+)+$"
)
"""A name with a hash in it."""


@dataclass(frozen=True)
class Mount:
    """A folder of the release at a URL.

    + url: with a slash at both ends
    + key: its folder of links below `Site.served`
    + fallback: the page for paths that are no file and have no ending; empty for none
    + cache: hashed, all or none
    + cdn_seconds: how long a CDN may keep what browsers ask for each time; 0 for not at all
    """

    url: str
    key: str
    fallback: str = ""
    cache: str = "hashed"
    cdn_seconds: int = 0

    @property
    def expression(self) -> str:
        """Its URL in a regular expression."""
        return re.escape(self.url)
