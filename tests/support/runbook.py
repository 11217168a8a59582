"""The commands that a page of docs/ has for somebody in trouble, as a test runs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import dedent

from vagrant.driver import ROOT


def blocks(page: str, heading: str, kind: str, said: Mapping[str, str]) -> list[str]:
    """The code blocks of a `kind` below a heading, in order. `said` is what the page's examples
    (names, addresses, times) are in a test; the page has to have each of them. A command that
    goes on in the next line is one line."""
    text = (ROOT / "docs" / page).read_text()
    section = re.split(r"^## ", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]
    for example, real in said.items():
        assert example in section, f"docs/{page} has no {example}"
        section = section.replace(example, real)
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return [re.sub(r" *\\\n *", " ", dedent(block)) for _, block in found]
