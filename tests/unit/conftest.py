"""Golden files: what is rendered is compared whole with what a person has looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


class Golden:
    """The files of tests/unit/golden, compared or, with --update-golden, written."""

    def __init__(self, update: bool) -> None:
        self.update = update

    def compare(self, folder: str, files: dict[str, bytes]) -> None:
        """Fail unless `folder` holds exactly `files`, by their paths in it, byte for byte."""
        here = GOLDEN / folder
        there = {str(path.relative_to(here)): path for path in here.rglob("*") if path.is_file()}
        if self.update:
            for name in there.keys() - files.keys():
                there[name].unlink()
            for name, content in files.items():
                file = here / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            return
        for name, content in files.items():
            expected = there[name].read_bytes() if name in there else b""
            assert _text(content) == _text(expected), f"{here / name} differs"
        assert sorted(there) == sorted(files)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew; then read `git diff tests/unit/golden`",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The golden files, and how to compare with them."""
    return Golden(bool(request.config.getoption("--update-golden", default=False)))


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the person who runs the tests has set reaches them."""
    for name in [name for name in os.environ if name.startswith("READYHOST_")]:
        monkeypatch.delenv(name)
