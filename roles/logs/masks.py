"""The texts by which a secret shows in a line, as rsyslog's configuration spells them."""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

SHORTEST = 8
"""Characters. A shorter text is in lines that have nothing to do with the secret."""
# What JavaScript's encodeURIComponent leaves as it is, and Python's quote does not.
_UNRESERVED = "!'()*"
_PLAIN = frozenset((string.ascii_letters + string.digits).encode())


def masks(secrets: Iterable[SecretStr]) -> tuple[SecretStr, ...]:
    """Each text that is to be replaced, escaped for a string of RainerScript; the longest first,
    so that nothing is left of one that another is a part of."""
    texts = {text for secret in secrets for text in spellings(secret.get_secret_value())}
    return tuple(SecretStr(escaped(text)) for text in sorted(texts, key=lambda t: (-len(t), t)))


def spellings(value: str) -> Iterator[str]:
    """`value` as programs print it: as it is, line by line, in a URL, in JSON, quoted by Python."""
    for text in (value, *value.splitlines()):
        for each in (
            text,
            quote(text),
            quote(text, safe=""),
            quote(text, safe=_UNRESERVED),
            quote_plus(text),
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
            json.dumps(text)[1:-1].replace("/", "\\/"),
            repr(text)[1:-1],
        ):
            shown = _received(each.strip())
            if len(shown) >= SHORTEST:
                yield shown


def escaped(text: str) -> str:
    """`text` for between double quotes: what is neither a letter nor a digit is `\\xhh`, of each
    of its bytes, so that nothing in it means anything to rsyslog."""
    return "".join(chr(byte) if byte in _PLAIN else f"\\x{byte:02x}" for byte in text.encode())


def _received(text: str) -> str:
    """A control character as rsyslog writes it when it takes a line in: `#` and three octals."""
    return "".join(f"#{ord(c):03o}" if ord(c) < 32 or ord(c) == 127 else c for c in text)
