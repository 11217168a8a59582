"""All that is below a folder which others may fill.

os.walk calls itself for each folder in another one before Python 3.12: a thousand of them end it,
and whoever may write to a folder can make them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def walk(top: str | Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each folder with the names of its folders and of its files, from `top` on, as os.walk has
    them: links are not followed, and a folder that is taken from the list is not looked into."""
    left = [str(top)]
    while left:
        place, folders, files, links = left.pop(), list[str](), list[str](), set[str]()
        with suppress(OSError), os.scandir(place) as found:  # it has gone, or its path is too long
            for each in found:
                (folders if each.is_dir() else files).append(each.name)
                if each.is_symlink():
                    links.add(each.name)
        yield place, folders, files
        left += [f"{place}/{name}" for name in folders if name not in links]
