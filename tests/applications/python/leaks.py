"""A worker that leaks when it is asked to, or with LEAKS set once at the first page."""

import os
import time

ONCE = "/tmp/leaked"  # each unit has its own


def leak():
    kept = []
    while True:
        kept.append(b"x" * 5_000_000)
        time.sleep(0.02)


def first():
    try:
        os.close(os.open(ONCE, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/leak" or ("LEAKS" in os.environ and path == "/" and first()):
        leak()
    body = b"python"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
