"""What the docs say is there: pages, headings, settings, programs, commands that a shell reads."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from roles.applications import Application
from settings import Settings
from tests.unit.environments import settings
from vagrant.driver import ROOT

from .test_readiness import known

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PUBLIC_KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIJ8cKbhKNxyJcw3Q0WHpzPo8zcUvzRUqyFZhPnVdTO5d"
KEY = re.compile(r"--data[ =]([A-Za-z_.]+)=")
COMMAND = re.compile(
    r"(pyinfra|\.venv/bin/|readyhost|make|sudo|ssh|git|systemctl|journalctl|backup|certificate"
    r"|app-release) "
)
COLUMNS = 100
PROGRAM = re.compile(r"pyinfra \S*inventories/\S+ (\w+\.py)")


def fences(page: Path, *kinds: str) -> Iterator[str]:
    """The code blocks of one of these kinds."""
    return (block for _, kind, block in FENCE.findall(page.read_text()) if kind in kinds)


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return FENCE.sub("", page.read_text())


def anchors(page: Path) -> set[str]:
    """Names of the page's headings in a link, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head).lower() for head in heads]
    return {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in plain}


def commands(page: Path) -> Iterator[str]:
    """Each line of a code block, fenced or indented, that begins with a program to start."""
    indented = re.findall(r"^    .+$", prose(page), re.MULTILINE)
    for block in (*fences(page, "", "sh"), "\n".join(indented)):
        for line in re.sub(r" *\\\n *", " ", block).splitlines():
            if COMMAND.match(line.strip()):
                yield line.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
class TestPage:
    def test_lines_fit_a_terminal(self, page: Path) -> None:
        """What a program prints is as it prints it."""
        shown = FENCE.sub(lambda found: found[0] if found[2] else "", page.read_text())
        assert [line for line in shown.splitlines() if len(line) > COLUMNS] == []

    def test_links_lead_somewhere(self, page: Path) -> None:
        for link in LINK.findall(prose(page)):
            if "://" in link or link.startswith("mailto:"):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link

    def test_a_shell_reads_each_command(self, page: Path) -> None:
        for line in commands(page):
            read = subprocess.run(
                ["bash", "-n", "-c", line], check=False, capture_output=True, text=True
            )
            assert read.returncode == 0, f"{line}\n{read.stderr}"
            # what explains a command is no word of it
            assert not re.search(r"\S {2,}[^#\s]", line.split(" #")[0]), line

    def test_what_a_command_starts_is_there(self, page: Path) -> None:
        for program in PROGRAM.findall(page.read_text()):
            assert (ROOT / program).exists(), program
        named = {"", *re.findall(r"\[apps\.([a-z]+)\]", page.read_text())}
        for key in KEY.findall(page.read_text()):
            path = key.split(".")
            of = (Application, path[1:]) if path[0] in named else (Settings, path)
            short = key in {"tag", "key", "fail_on", "format"}
            assert short or known(*of), key

    def test_toml_is_valid_settings(self, page: Path) -> None:
        for block in fences(page, "toml"):
            try:
                settings(**tomllib.loads(block.replace("AAAA…", PUBLIC_KEY)))
            except ValidationError as error:
                # what an example leaves out, such as the secrets, is in its page's text
                wrong = [one for one in error.errors() if one["type"] != "missing"]
                assert [one for one in wrong if "READYHOST_" not in one["msg"]] == []


def test_the_readme_leads_to_each_page() -> None:
    """A page that nobody finds answers nothing."""
    listed = set(re.findall(r"\]\(docs/([\w-]+\.md)", (ROOT / "README.md").read_text()))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - listed == set()
