"""Verifiers: PostgreSQL's own form, RFC 7677's own numbers, and no way around a wrong password."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from roles.postgres.scram import matches, verifier

# RFC 7677, section 3: user "user", password "pencil".
SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
CLIENT_PROOF = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
SERVER_SIGNATURE = base64.b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
AUTH_MESSAGE = (
    f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={NONCE}"
).encode()


def parts(text: str) -> tuple[str, bytes, bytes]:
    head, salt, keys = text.split("$")
    assert head == "SCRAM-SHA-256"
    stored, server = keys.split(":")
    return f"{head}${salt}", base64.b64decode(stored), base64.b64decode(server)


def test_the_keys_verify_the_exchange_of_the_rfc() -> None:
    _, stored_key, server_key = parts(verifier("pencil", SALT))
    signature = hmac.digest(stored_key, AUTH_MESSAGE, "sha256")
    client_key = bytes(a ^ b for a, b in zip(CLIENT_PROOF, signature, strict=True))
    assert hashlib.sha256(client_key).digest() == stored_key
    assert hmac.digest(server_key, AUTH_MESSAGE, "sha256") == SERVER_SIGNATURE


def test_every_verifier_has_a_salt_of_its_own() -> None:
    assert verifier("pencil") != verifier("pencil")


@pytest.mark.parametrize("iterations", [4096, 10000])
def test_a_stored_verifier_is_recognised_by_its_password_only(iterations: int) -> None:
    stored = verifier("it's \\50%", iterations=iterations)
    salt, digest = parts(stored)[0], hashlib.sha256(stored.encode()).hexdigest()
    assert matches("it's \\50%", salt, digest)
    assert not matches("it's \\50", salt, digest)


@pytest.mark.parametrize("salt", ["", "md5", "SCRAM-SHA-256$x:y", "SCRAM-SHA-512$4096:W22Z"])
def test_anything_else_is_no_match(salt: str) -> None:
    assert not matches("pencil", salt, hashlib.md5(b"pencil").hexdigest())


@pytest.mark.parametrize("password", ["", "päss", "with\ttab", "zero\0"])
def test_a_password_that_clients_would_prepare_differently_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        verifier(password)
