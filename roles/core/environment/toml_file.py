"""NAME.toml: the values of an environment that everybody may see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, TomlConfigSettingsSource

from .keys import dotted
from .places import TABLES, KeyPath, find
from .problems import Origin
from .sources import Source, shown
from .toml_lines import key_lines


class TomlFile(Source):
    """Reads a TOML file. A secret in it is refused: the file is meant to be committed."""

    def __init__(self, settings_cls: type[BaseSettings], file: Path, secrets: str) -> None:
        super().__init__(settings_cls)
        self.where = shown(file)
        self._secrets_go_to = secrets
        self.is_unread = False
        """Whether it is there, and none of it could be taken."""
        if not file.exists():
            return
        try:
            read = TomlConfigSettingsSource(settings_cls, file).toml_data
            lines = key_lines(file.read_text("utf-8"))
        except (ValueError, OSError) as error:
            self.refuse(*self._unreadable(error))
            self.is_unread = True
            return
        for path, line in lines.items():
            self.origins[path] = self._at(path, line)
        self.values = self._without_secrets(read, ())

    def _at(self, path: KeyPath, line: int) -> Origin:
        return Origin(self.rank, line, f"{self.where}:{line}", self.spell(path))

    def _unreadable(self, error: Exception) -> tuple[Origin, str]:
        if isinstance(error, OSError):
            return self.origin(()), f"cannot be read: {error.strerror}"
        if isinstance(error, UnicodeDecodeError):
            return self.origin(()), "is not UTF-8 text"
        match = re.search(r" \(at (?:line (\d+)|end)[^)]*\)$", str(error))
        line = int(match[1] or 0) if match else 0
        message = str(error)[: match.start()] if match else str(error)
        where = f"{self.where}:{line}" if line else self.where
        return Origin(self.rank, line, where, ""), f"is not valid TOML: {message}"

    def _without_secrets(self, table: Mapping[str, Any], above: KeyPath) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, value in table.items():
            path = (*above, key)
            place = find(self.settings_cls, path)
            if isinstance(value, Mapping) and not (place and place.secret):
                kept[key] = self._without_secrets(value, path)
            elif place and place.secret:
                message = f"is a secret and must be in {self._secrets_go_to}, never here"
                self.refuse(self.origin(path), message, path)
            elif place and place.kind in TABLES:
                # Its other keys may come from NAME.env: nothing else would notice.
                name = dotted(path)
                self.refuse(self.origin(path), f"is a table: write its keys below [{name}]", path)
            else:
                kept[key] = value
        return kept
