"""What the look is told: the file that the toolkit writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path("/etc/readyhost/maintained.json")


@dataclass(frozen=True)
class Configuration:
    """app: name of the application; others: of the others that the host has. env: variables of
    builds, with which registries are reached. certbot: folder of certbot's environment, empty when
    there is none. pip_audit: folder in which pip-audit is, or is to be. python_advisories,
    node_advisories: where to ask instead of the usual places, empty for those. accepted: advisories
    that are known and lived with. The others are settings: settings.py."""

    app: str
    env: dict[str, str]
    certbot: str
    pip_audit: str
    audit: bool
    python_advisories: str
    node_advisories: str
    accepted: tuple[str, ...]
    warn_days: int
    table_days: int
    lists_days: int
    others: tuple[str, ...] = ()

    @property
    def apps(self) -> tuple[str, ...]:
        """All applications."""
        return (self.app, *self.others)


def load(file: Path = FILE) -> Configuration:
    """What the toolkit's last run wrote."""
    values = json.loads(file.read_text())
    return Configuration(
        **{
            **values,
            "accepted": tuple(values["accepted"]),
            "others": tuple(values.get("others", ())),
        }
    )
