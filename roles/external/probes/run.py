"""All of them, one after the other: a line of JSON for each."""

from __future__ import annotations

import base64
import json
import re
import resource
import signal
import sys
import urllib.parse

from . import mongodb, postgresql, redis_server, remote_write, s3
from .service import LONGEST, MOST_MEMORY, WHOLE, Refused, Wish, reason

KINDS = {
    "database": postgresql.look,
    "redis": redis_server.look,
    "mongodb": mongodb.look,
    "storage": s3.look,
    "remote_write": remote_write.look,
}


def secrets(wish: Wish) -> list[str]:
    """What is told of nothing: each secret as it is, and as it travels. Who is asked may say again
    what he was sent, or be somebody who shows all of it for others to look at.

    >>> secrets({"hidden": ["a/b"], "user": "me"})
    ['bWU6YS9i', 'a%2Fb', 'YS9i', 'a/b']
    >>> secrets({"hidden": ["mongodb://me:a%2Fb@db/x"]})[-3:]
    ['a%2Fb', 'YS9i', 'a/b']
    """
    known = [*wish["hidden"]]
    for text in wish["hidden"]:
        if found := re.match(r"[a-z+]+://[^:/@]*:([^@]+)@", text):
            known += [urllib.parse.unquote(found[1]), found[1]]
    pairs = [f"{wish.get('user', '')}:{text}" for text in known]
    forms = {form(text) for text in known for form in (str, _quoted, _encoded)}
    forms |= {_encoded(pair) for pair in pairs}
    return sorted(filter(None, forms), key=lambda text: (-len(text), text))


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def bounded() -> None:
    """Let this process have a bound of memory, and each try an end."""

    def over(*_: object) -> None:
        raise Refused(f"it has not come to an end within {WHOLE} s")

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGALRM, over)


def main(wishes: list[Wish]) -> None:
    bounded()
    for wish in wishes:
        done = {"key": wish["key_of"], "error": "", "said": "", "wanted": []}
        # Again and again: a library may take the first one for an error of its own.
        signal.setitimer(signal.ITIMER_REAL, WHOLE, 1)
        try:
            said, done["wanted"] = KINDS[wish["kind"]](wish)
            done["said"] = said
        except Exception as error:  # what a library raises is told, whatever it is
            done["error"] = reason(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for secret in secrets(wish):
            for name in ("error", "said"):
                done[name] = str(done[name]).replace(secret, "…")
            done["wanted"] = [each.replace(secret, "…") for each in done["wanted"]]
        # Cut afterwards: the beginning of a secret is a part of it.
        done["error"], done["said"] = done["error"][:LONGEST], done["said"][:LONGEST]
        print(json.dumps(done))
    sys.stdout.flush()
