"""What the live release logs in with, which its host tells without telling it."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass

from roles.core.machine import Machine

from .host.layout import Layout

ROUNDS = 4096  # as of a verifier in PostgreSQL; the salt is a new one for each question
# Names are percent-encoded, and so without spaces, as in the URLs.
PROGRAM = f"""
import hashlib, os, re, sys, urllib.parse
text = open(sys.argv[1]).read()
for name in "DATABASE_URL", "REDIS_URL":
    for found in re.findall(f"^{{name}}='(.*)'$", text, re.M):
        url, salt = urllib.parse.urlsplit(found), os.urandom(16)
        said = urllib.parse.unquote(url.password or "").encode()
        mark = hashlib.pbkdf2_hmac("sha256", said, salt, {ROUNDS}).hex()
        print("told", *sys.argv[2:] or ["credentials"], name, url.username or "-", salt.hex(), mark)
"""


@dataclass(frozen=True)
class Credentials:
    """A name, percent-encoded, and a password that can only be compared."""

    user: str
    salt: str
    mark: str

    def fit(self, password: str) -> bool:
        """Whether the password is this one."""
        salt = bytes.fromhex(self.salt)
        mark = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
        return mark.hex() == self.mark


def ask(app: str, of: str = "") -> str:
    """Shell for the machine's question: `credentials` answers with what it prints. of: the
    application's name again, where it is one of several."""
    layout = Layout(app)
    slot = f"$(basename $(readlink {layout.live} || echo none))"
    return f"python3 -IS -c {shlex.quote(PROGRAM)} {layout.etc}/{slot}/env {told(of)} 2>/dev/null"


def credentials(machine: Machine, of: str = "") -> dict[str, Credentials]:
    """The live release's, by the name of their variable; none before the first release."""
    return {name: Credentials(*rest) for name, *rest in machine.tells(told(of))}


def told(of: str) -> str:
    """What the lines of one of several applications begin with."""
    return f"credentials-{of}" if of else "credentials"
