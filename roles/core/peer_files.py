"""The files by which a host and a server elsewhere know each other, from the operator's machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from pydantic import SecretStr

from .errors import OperatorError
from .peer import Peer


class Files(Protocol):
    """Settings that name them."""

    @property
    def ca_file(self) -> Path | None: ...
    @property
    def certificate_file(self) -> Path | None: ...
    @property
    def key_file(self) -> Path | None: ...


def read(settings: Files, root: Path, of: str) -> Peer:
    """What the settings name, relative to `root`. of: the settings' key, for messages.

    Raises OperatorError for what can't be used.
    """
    texts = {
        key: _text(f"{of}.{key}", root / path)
        for key in ("ca_file", "certificate_file", "key_file")
        if (path := getattr(settings, key))
    }
    problems = [f"{of}.{words}" for words in _problems(texts)]
    if problems:
        raise OperatorError("; ".join(problems))
    return Peer(
        texts.get("ca_file", ""),
        texts.get("certificate_file", ""),
        SecretStr(texts.get("key_file", "")),
    )


def _text(key: str, path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        words = error.strerror
    except UnicodeDecodeError:
        words = "it is no text"
    raise OperatorError(f"{key} {path} can't be read: {words}")


def _problems(texts: dict[str, str]) -> Iterator[str]:
    leaves = {}
    for key in ("ca_file", "certificate_file"):
        if key in texts:
            try:
                leaves[key] = x509.load_pem_x509_certificates(texts[key].encode())[0]
            except ValueError:
                yield f"{key} holds no PEM certificate"
    if "key_file" not in texts:
        return
    try:
        private = load_pem_private_key(texts["key_file"].encode(), password=None)
    except TypeError:
        yield "key_file has a passphrase, which no service can type"
    except ValueError:
        yield "key_file holds no PEM private key"
    else:
        form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        own = leaves.get("certificate_file")
        if own and own.public_key().public_bytes(*form) != private.public_key().public_bytes(*form):
            yield "key_file belongs to another certificate"
