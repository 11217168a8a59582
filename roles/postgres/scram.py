"""SCRAM-SHA-256 as PostgreSQL stores it, so that a password never reaches the server's log.

RFC 5802 and 7677; the form is that of pg_authid.rolpassword
(https://www.postgresql.org/docs/current/catalog-pg-authid.html):
``SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>``.
"""

import base64
import hashlib
import hmac
import re
import secrets

ITERATIONS = 4096  # PostgreSQL's own
SALT_BYTES = 16

_SALT = re.compile(r"^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)$")


def verifier(password: str, salt: bytes | None = None, iterations: int = ITERATIONS) -> str:
    """The verifier of `password`, with a new random salt when none is given.

    Raises ValueError unless the password is printable ASCII: only there is SASLprep, which every
    client applies, no change.
    """
    if not re.fullmatch(r"[\x20-\x7e]+", password):
        raise ValueError("a password must be printable ASCII")
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${iterations}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def matches(password: str, salt: str, digest: str) -> bool:
    """Whether a stored verifier is one of `password`.

    `salt` is the verifier's first half, up to the second `$`; `digest` the SHA-256 of all of it,
    hexadecimal: enough to compare, too little to log in or to pose as the server.
    """
    found = _SALT.match(salt)
    if not found:
        return False
    stored = verifier(password, base64.b64decode(found[2]), int(found[1]))
    return hmac.compare_digest(hashlib.sha256(stored.encode()).hexdigest(), digest)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
