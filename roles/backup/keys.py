"""The key that this environment's hosts log in with where their mirror is."""

from __future__ import annotations

import hashlib
import hmac
import struct
from base64 import b64encode
from textwrap import wrap

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import SecretStr

KIND = b"ssh-ed25519"
BLOCK = 8  # bytes, to which an unencrypted key is padded (OpenSSH's PROTOCOL.key)
CHECK = 0x72656164  # the same number twice; it only tells that a passphrase was right
COMMENT = b"backup"


def public(passphrase: SecretStr) -> str:
    """The public key, as an authorized_keys file has it."""
    return f"{KIND.decode()} {b64encode(_blob(_public(_seed(passphrase)))).decode()}"


def private(passphrase: SecretStr) -> SecretStr:
    """The private key in OpenSSH's format. It is made of the passphrase, so that a new host has
    the key of the lost one, and the same bytes come out every time."""
    seed = _seed(passphrase)
    key = _public(seed)
    inner = struct.pack(">II", CHECK, CHECK) + b"".join(
        _text(each) for each in (KIND, key, seed + key, COMMENT)
    )
    inner += bytes(range(1, 1 + -len(inner) % BLOCK))
    outer = b"openssh-key-v1\0" + _text(b"none") + _text(b"none") + _text(b"")
    outer += struct.pack(">I", 1) + _text(_blob(key)) + _text(inner)
    lines = wrap(b64encode(outer).decode(), 70)
    frame = "-----{} OPENSSH PRIVATE KEY-----"
    return SecretStr("\n".join([frame.format("BEGIN"), *lines, frame.format("END")]))


def _seed(passphrase: SecretStr) -> bytes:
    words = passphrase.get_secret_value().encode()
    return hmac.new(words, b"readyhost backup mirror", hashlib.sha256).digest()


def _public(seed: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _blob(key: bytes) -> bytes:
    return _text(KIND) + _text(key)


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value
