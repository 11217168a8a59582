"""When the certificates in use end. Read again when their file is another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .exposition import Sample
from .said import said


def look(configuration: Configuration, state: dict[str, Any]) -> Iterator[Sample]:
    for name, folder in configuration.certificates.items():
        file = Path(folder, "fullchain.pem").resolve()
        if not file.exists():
            continue
        mark = f"{file} {file.stat().st_mtime_ns}"
        known = state.get(name, {})
        if known.get("mark") != mark:
            text = said(["openssl", "x509", "-noout", "-enddate", "-in", str(file)])
            known = state[name] = {"mark": mark, "ends": ends(text)}
        labels = {"name": name}
        yield Sample("readyhost_certificate_expiry_timestamp_seconds", known["ends"], labels)


def ends(text: str) -> float:
    """From what `openssl x509 -enddate` says.

    >>> ends("notAfter=Jan  2 00:00:00 1970 GMT")
    86400.0
    """
    when = text.strip().partition("=")[2].replace("GMT", "+0000")
    return datetime.strptime(when, "%b %d %H:%M:%S %Y %z").timestamp()
