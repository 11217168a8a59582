"""Signed session ids, and password hashes. Only the standard library."""

import hashlib
import hmac
import secrets

# scrypt's cost: 16 MB and some 50 ms a try, for us and for whoever steals the table.
COST = {"n": 2**14, "r": 8, "p": 1}


def sign(session_id: str, key: str) -> str:
    """The cookie's value: the id with its signature."""
    return f"{session_id}.{_signature(session_id, key)}"


def verify(cookie: str, key: str) -> str:
    """The id in `cookie`, or "" if the signature isn't ours: forged ids never reach Redis."""
    session_id, _, signature = cookie.partition(".")
    expected = _signature(session_id, key)
    return session_id if hmac.compare_digest(signature.encode(), expected.encode()) else ""


def _signature(session_id: str, key: str) -> str:
    return hmac.new(key.encode(), b"session:" + session_id.encode(), hashlib.sha256).hexdigest()


def hash_password(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{hashlib.scrypt(password.encode(), salt=salt, **COST).hex()}"


def check_password(password: str, stored: str) -> bool:
    salt, _, digest = stored.partition(":")
    computed = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **COST)
    return hmac.compare_digest(computed.hex(), digest)


# Checked when the account is unknown, so that the answer takes as long as for a known one. No
# password has this hash; to compute one here would cost every start of a process its time.
NOBODY = f"{bytes(16).hex()}:{bytes(64).hex()}"
