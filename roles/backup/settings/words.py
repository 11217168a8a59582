"""Words that settings are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

Schedule = Annotated[str, StringConstraints(pattern=r"^([0-9*/,-]+ +){4}[0-9A-Za-z*/,-]+$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/+-]*[A-Za-z0-9_]$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")]
