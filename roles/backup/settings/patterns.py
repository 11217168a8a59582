"""Patterns that settings are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

HostPath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/+-]*[A-Za-z0-9_]$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")]
