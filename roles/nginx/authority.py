"""Authorities of those who show a certificate, read on the operator's machine."""

from __future__ import annotations

from pathlib import Path

from roles.core.errors import OperatorError

PROJECT = Path(__file__).resolve().parents[2]


def authority(path: Path, key: str) -> str:
    """What is in the PEM file that a setting names, which must hold a certificate."""
    try:
        text = (PROJECT / path).read_text()
    except OSError as error:
        raise OperatorError(f"{key}: {path}: {error.strerror}") from None
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise OperatorError(f"{key}: {path} holds no certificate in PEM")
    return text
