"""Settings under the names that the program on the host knows."""

from __future__ import annotations

from typing import Any

from roles.core.model import Section


def told(section: Section) -> dict[str, Any]:
    """Values under the names that the program on the host knows: without units, since it reads
    those of releases that earlier versions left there too."""
    values = section.model_dump()
    return {name.removesuffix("_seconds").removesuffix("_percent"): values[name] for name in values}
