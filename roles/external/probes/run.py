"""All of them, one after the other: a line of JSON for each."""

from __future__ import annotations

import json
import resource
import signal
import sys

from . import mongodb, postgresql, redis_server, remote_write, s3
from .service import LONGEST, MOST_MEMORY, WHOLE, Refused, Wish, reason

KINDS = {
    "database": postgresql.look,
    "redis": redis_server.look,
    "mongodb": mongodb.look,
    "storage": s3.look,
    "remote_write": remote_write.look,
}


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
        for secret in wish["hidden"]:
            for name in ("error", "said"):
                done[name] = str(done[name]).replace(secret, "…")
            done["wanted"] = [each.replace(secret, "…") for each in done["wanted"]]
        # Cut afterwards: the beginning of a secret is a part of it.
        done["error"], done["said"] = done["error"][:LONGEST], done["said"][:LONGEST]
        print(json.dumps(done))
    sys.stdout.flush()
