"""An environment in a folder of its own, whose files a test writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from roles.core.errors import OperatorError
from settings import Settings, load
from tests.unit.environments import SECRETS

TOML = 'domain = "shop.example"\n[app]\nrepository = "/srv/git/shop.git"\n'
ENV = {
    "READYHOST_APP__SECRET_KEY": SECRETS["app"],
    "READYHOST_POSTGRES__PASSWORD": SECRETS["postgres"],
    "READYHOST_REDIS__PASSWORD": SECRETS["redis"],
    "READYHOST_BACKUP__PASSPHRASE": SECRETS["backup"],
}


@dataclass
class Files:
    """The files of the environment `test`, as they are found by a command that runs in `folder`."""

    folder: Path

    def toml(self, text: str) -> None:
        (self.folder / "test.toml").write_text(text)

    def env(self, text: str, mode: int = 0o600) -> None:
        file = self.folder / "test.env"
        file.write_text(text)
        file.chmod(mode)

    def more_env(self, **values: str) -> None:
        """Valid secrets, and these values over them."""
        self.env("".join(f"{name}={value}\n" for name, value in {**ENV, **values}.items()))

    def load(self, *data: str) -> Settings:
        return load("test", self.folder, data=data)

    def errors(self, *data: str) -> Sequence[str]:
        """The lines of what is said, the headline left out."""
        with pytest.raises(OperatorError) as raised:
            self.load(*data)
        lines = str(raised.value).splitlines()
        if len(lines) == 1:
            return lines
        assert lines[0] == (
            f"{len(lines) - 1} errors in the settings of test; nothing has been changed:"
        )
        return [line.removeprefix("    ") for line in lines[1:]]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A valid environment: the least there can be."""
    monkeypatch.chdir(tmp_path)
    made = Files(tmp_path)
    made.toml(TOML)
    made.more_env()
    return made
