"""Plain words: what had a home-made name and has the field's own now does not get the old one back.
docs/glossary.md says what the words mean."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCREEN = 50  # lines

MODULES = {
    "away": "what it is: a mirror, a copy, a host that fetches",
    "back": "rollback",
    "before": "preflight",
    "branches": "timelines",
    "contents": "database_objects, dump_parts",
    "continuity": "wal_gaps",
    "courtesy": "idle_scheduling",
    "doors": "access",
    "formation": "process_layout",
    "impatience": "abort",
    "kept": "shared_hosts",
    "lanes": "parallel",
    "moments": "recovery_target",
    "replacement": "restore_cluster",
    "restoration": "restore",
    "retrieval": "restore_snapshots",
    "settle": "finish",
    "spare": "disk_guard",
    "throwaway": "scratch_cluster",
    "trial": "pending_switch",
    "upkeep": "maintenance",
    "words": "patterns",
}
"""Files and folders that nothing is called, and what is better."""

NAMES = {
    "Away": "MirrorHost",
    "Contents": "DatabaseObjects",
    "Formation": "ProcessLayout",
    "Moment": "RecoveryTarget",
    "Throwaway": "ScratchCluster",
    "Trial": "PendingSwitch",
    "Upkeep": "Maintenance",
    "anew": "reinitialise",
    "formation": "process_layout",
    "given_up": "aborted, requested",
    "hopeless": "unrecoverable",
    "impatience": "abort",
    "nameless": "default_certificate",
    "revive": "restart",
    "sick": "unhealthy",
    "take_back": "abort_watch, _roll_back",
    "throwaway": "scratch_cluster, placeholders",
    "tidy": "clean_up",
    "trial": "pending_switch",
    "untidy": "incomplete",
}
"""Names in code that nothing has, and what is better."""

SENTENCES = {
    r"goes bad (afterwards )?is (taken back|left by itself)": "is rolled back",
    r"is taken back (now|after the switch|by)": "is rolled back",
    r"release (that )?was taken back": "was rolled back",
    r"\bof upkeep\b": "of maintenance",
    r"--anew\b": "--reinitialise",
    r"self-made certificate": "self-signed certificate",
    r"goes back twice|Going back twice": "two rollbacks go back two releases",
}
"""What no page, message or description says, and what it says instead."""

GLOSSARY = (
    "disk guard",
    "pending switch",
    "preflight",
    "process layout",
    "recovery target",
    "rollout watch",
    "scratch cluster",
    "snippet",
)
"""Words that a reader of code, messages and docs needs."""


def tracked(*under: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    names = filter(None, listed.stdout.decode().split("\0"))
    found = [path for path in (ROOT / name for name in names) if path.is_file()]
    # applications are other people's, golden files and results are written by programs
    others = ("tests/applications/", "tests/unit/golden/", "benchmarks/results/")
    return [path for path in found if not str(path.relative_to(ROOT)).startswith(others)]


CODE = [path for path in tracked("*.py") if "examples" not in path.parts and path != Path(__file__)]


def names(path: Path) -> Iterator[str]:
    """Every name in a file's code, those in f-strings too on a Python that tells them."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.NAME:
            yield token.string


def test_no_file_has_a_former_name() -> None:
    found = {
        str(path.relative_to(ROOT)): MODULES[part]
        for path in tracked("roles", "readyhost", "vagrant", "benchmarks", "tests")
        if path != Path(__file__)
        for part in re.split(r"[/.]", str(path.relative_to(ROOT)).replace("test_", ""))
        if part in MODULES
    }
    assert found == {}


def test_no_name_in_code_is_a_former_one() -> None:
    assert len(CODE) > 500
    found = {
        f"{path.relative_to(ROOT)}: {name}": NAMES[name]
        for path in CODE
        for name in set(names(path))
        if name in NAMES
    }
    assert found == {}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_page_or_message_says_it(sentence: str) -> None:
    look = re.compile(sentence)
    pages = [*tracked("*.md", "*.toml.example", "*.j2"), *CODE]
    assert len(pages) > 500
    pages = [path for path in pages if path.name != "CHANGELOG.md"]  # which tells what was
    found = [str(path.relative_to(ROOT)) for path in pages if look.search(path.read_text())]
    assert found == [], SENTENCES[sentence]


def test_the_glossary_is_one_screen_and_has_each_word_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text()
    assert len(text.splitlines()) <= SCREEN
    words = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    each = [word for cell in words for word in cell.split(", ")]
    assert len(each) == len(set(each))
    assert [word for word in GLOSSARY if word not in each] == []
