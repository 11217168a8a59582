"""Runs on a host before its first change, by standard input alone: tries services elsewhere.

It prints a line of JSON for each. No secret is in one, whatever a library says.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import os
import re
import resource
import signal
import ssl
import struct
import sys
import time
import urllib.parse
from typing import Any

TIMEOUT = 10  # seconds for one service, TLS and login included
WHOLE = 40  # seconds, whatever it says meanwhile: a byte now and then is no answer
MOST_MEMORY = 1 << 30
"""Bytes. Who answers may be anybody, without end: his words fill no memory of the host."""
LONGEST = 400  # characters of what it says that are told
OLDEST = {"database": 12, "redis": 5, "mongodb": 4}  # major versions; older ones get no fixes
TRIED = "readyhost_remote_write_tried"
"""The one value that is sent to see whether values are taken."""


Wish = dict[str, Any]
Found = tuple[str, list[str]]  # what is said of it, and what it lacks


class Refused(Exception):
    """Why a service can't be used."""


def context(authorities: str) -> ssl.SSLContext:
    """TLS that is verified, by the given authorities alone or by the system's."""
    made = ssl.create_default_context(cadata=authorities or None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def database(wish: Wish) -> Found:
    """PostgreSQL: logs in, and says version, connections and what extensions there are."""
    import pg8000.native  # type: ignore[import-untyped]

    try:
        server = pg8000.native.Connection(
            wish["user"], host=wish["host"], port=wish["port"], database=wish["name"],
            password=wish["password"], ssl_context=context(wish["authorities"]), timeout=TIMEOUT,
        )  # fmt: skip
    except pg8000.exceptions.DatabaseError as error:
        said = error.args[0] if error.args else {}
        raise Refused(said.get("M", said) if isinstance(said, dict) else said) from None
    except pg8000.exceptions.InterfaceError as error:
        raise (error.__cause__ or error.__context__ or error) from None
    if type(server._usock).__module__ != "ssl":
        raise Refused("it speaks no TLS")
    number = int(server.run("SHOW server_version_num")[0][0])
    require("database", number // 10_000)
    most, own = server.run(
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int,"
        " (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)"
    )[0]
    most = most if own is None or own < 0 else min(most, own)
    if most < wish["connections"]:
        raise Refused(f"it gives {most} connections, but {wish['what']} are {wish['connections']}")
    there = {row[0] for row in server.run("SELECT name FROM pg_available_extensions")}
    if missing := sorted(set(wish["extensions"]) - there):
        raise Refused(f"it has no extension {', '.join(missing)} ({wish['extensions_key']})")
    here = {row[0] for row in server.run("SELECT extname FROM pg_extension")}
    wanted = sorted(set(wish["extensions"]) - here)
    server.close()
    return f"PostgreSQL {number // 10_000}.{number % 10_000}, {most} connections", wanted


def redis(wish: Wish) -> Found:
    """Redis: logs in, and says its version."""
    import redis as client
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    where: dict[str, Any] = {
        "host": wish["host"],
        "port": wish["port"],
        "db": int(wish["name"] or 0),
    }
    login: dict[str, Any] = {"username": wish["user"], "password": wish["password"]}
    tls: dict[str, Any] = {"ssl": True, "ssl_cert_reqs": "required", "ssl_check_hostname": True}
    own: dict[str, Any] = {"ssl_ca_data": wish["authorities"]} if wish["authorities"] else {}
    server = client.Redis(
        **where, **login, **tls, **own, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )  # fmt: skip
    try:
        server.ping()
        version = str(server.info("server").get("redis_version", ""))
    except client.exceptions.NoPermissionError:
        version = ""  # INFO is not everybody's
    if version:
        require("redis", int(version.split(".")[0]))
    return f"Redis {version}".strip(), []


def mongodb(wish: Wish) -> Found:
    """MongoDB: logs in, and says its version."""
    import pymongo

    path = ""
    if wish["authorities"]:
        # The library takes a file alone; this one has no name.
        memory = os.memfd_create("authorities")
        os.write(memory, wish["authorities"].encode())
        path = f"/proc/self/fd/{memory}"
    ms = TIMEOUT * 1000
    own: dict[str, Any] = {"tlsCAFile": path} if path else {}
    server: Any = pymongo.MongoClient(
        wish["uri"], serverSelectionTimeoutMS=ms, connectTimeoutMS=ms, socketTimeoutMS=ms,
        maxPoolSize=1, **own,
    )  # fmt: skip
    try:
        server.admin.command("ping")
        said = server.admin.command("connectionStatus")["authInfo"]["authenticatedUsers"]
        version = str(server.admin.command("buildInfo").get("version", ""))
    except pymongo.errors.OperationFailure as error:
        raise Refused((error.details or {}).get("errmsg", "it refuses the login")) from None
    except pymongo.errors.ServerSelectionTimeoutError as error:
        said = re.sub(r" \(configured timeouts: [^)]*\)", "", str(error).split(", Timeout:")[0])
        raise Refused(f"no server of it can be reached: {said}") from None
    finally:
        server.close()
    if not said:
        raise Refused("it takes the user for nobody")
    require("mongodb", int(version.split(".", maxsplit=1)[0]))
    return f"MongoDB {version}", []


def storage(wish: Wish) -> Found:
    """Storage that speaks S3: an object is put, read back and deleted."""
    name = f"{wish['prefix']}readyhost-try-{os.urandom(8).hex()}"
    body = os.urandom(16).hex().encode()
    status, _, said = asked(wish, "PUT", name, body)
    if status != 200:
        raise Refused(f"it takes no object ({status} {said})")
    status, read, said = asked(wish, "GET", name)
    if status != 200 or read != body:
        raise Refused(f"what was put can't be read ({status} {said})")
    status, _, said = asked(wish, "DELETE", name)
    if status not in (200, 204):
        raise Refused(f"{name} can't be deleted ({status} {said}); it is still there")
    return f"{wish['bucket']}: put, read, deleted", []


def asked(wish: Wish, method: str, key: str, body: bytes = b"") -> tuple[int, bytes, str]:
    """One request, signed (AWS Signature Version 4). Status, body, and the error's code."""
    place = urllib.parse.urlsplit(wish["endpoint"])
    host, path = place.netloc, f"/{wish['bucket']}/{urllib.parse.quote(key)}"
    if not wish["path_style"]:
        host, path = f"{wish['bucket']}.{host}", f"/{urllib.parse.quote(key)}"
    now, hashed = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), hashlib.sha256(body).hexdigest()
    scope = f"{now[:8]}/{wish['region']}/s3/aws4_request"
    names = "host;x-amz-content-sha256;x-amz-date"
    canonical = (
        f"{method}\n{path}\n\nhost:{host}\nx-amz-content-sha256:{hashed}\nx-amz-date:{now}\n\n"
        f"{names}\n{hashed}"
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{digest}"
    key_bytes = f"AWS4{wish['secret']}".encode()
    for part in scope.split("/"):
        key_bytes = hmac.new(key_bytes, part.encode(), hashlib.sha256).digest()
    signed = hmac.new(key_bytes, text.encode(), hashlib.sha256).hexdigest()
    headers = {
        "Host": host,
        "x-amz-date": now,
        "x-amz-content-sha256": hashed,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={wish['key']}/{scope},"
        f" SignedHeaders={names}, Signature={signed}",
    }
    server = http.client.HTTPSConnection(
        host.partition(":")[0], place.port or 443, timeout=TIMEOUT,
        context=context(wish["authorities"]),
    )  # fmt: skip
    try:
        server.request(method, path, body or None, headers)
        answer = server.getresponse()
        read = answer.read(100_000)
    finally:
        server.close()
    code = re.search(rb"<Code>([A-Za-z]+)</Code>", read)
    return answer.status, read, code[1].decode() if code else ""


def remote_write(wish: Wish) -> Found:
    """What keeps a Prometheus' numbers: it takes one."""
    place = urllib.parse.urlsplit(wish["url"])
    tls = context(wish["authorities"])
    if wish["certificate"]:
        # The library takes files alone; these have no name.
        paths = []
        for text in (wish["certificate"], wish["private"]):
            memory = os.memfd_create("of-the-host")
            os.write(memory, text.encode())
            paths.append(f"/proc/self/fd/{memory}")
        tls.load_cert_chain(*paths)
    headers = {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "snappy",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
        "User-Agent": "readyhost",
    }
    if wish["user"]:
        pair = base64.b64encode(f"{wish['user']}:{wish['secret']}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    elif wish["secret"]:
        headers["Authorization"] = f"Bearer {wish['secret']}"
    server = http.client.HTTPSConnection(
        place.hostname or "", place.port or 443, timeout=TIMEOUT, context=tls
    )
    path = f"{place.path or '/'}{'?' if place.query else ''}{place.query}"
    labels = {"__name__": TRIED, "host": os.uname().nodename, **wish["labels"]}
    try:
        server.request("POST", path, packed(written(labels, 1, time.time())), headers)
        answer = server.getresponse()
        words = " ".join(answer.read(LONGEST).decode(errors="replace").split())
    finally:
        server.close()
    said = " ".join(f"{answer.status} {answer.reason} {words}".split())
    if answer.status in (401, 403):
        who = "user and password" if wish["user"] else "the token" if wish["secret"] else "nobody"
        raise Refused(f"it refuses {who} ({said})" if who != "nobody" else f"it wants to know who"
                      f" comes ({said})")  # fmt: skip
    if not 200 <= answer.status < 300:
        raise Refused(f"it takes no value of remote write at that url ({said})")
    return f"{place.hostname} has taken one value, {TRIED}", []


def written(labels: dict[str, str], value: float, when: float) -> bytes:
    """A request of remote write 1.0 with one value, in the encoding of protocol buffers."""
    pairs = (
        part(1, part(1, name.encode()) + part(2, text.encode()))
        for name, text in sorted(labels.items())
    )
    sample = b"\x09" + struct.pack("<d", value) + b"\x10" + varint(int(when * 1000))
    return part(1, b"".join(pairs) + part(2, sample))


def part(number: int, content: bytes) -> bytes:
    """A field that has a length."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    """
    >>> varint(300).hex()
    'ac02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes(found) + bytes([number])


def packed(content: bytes) -> bytes:
    """As Snappy's block format has what is not compressed: literals of 60 bytes at most."""
    pieces = (content[at : at + 60] for at in range(0, len(content), 60))
    return varint(len(content)) + b"".join(bytes([len(p) - 1 << 2]) + p for p in pieces)


def require(what: str, version: int) -> None:
    """A version that still gets fixes."""
    if version < OLDEST[what]:
        raise Refused(f"its version is {version}; {OLDEST[what]} or later is needed")


def reason(error: BaseException) -> str:
    """One line, for people."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"its certificate is refused: {seen.verify_message}"
        if isinstance(seen, ConnectionRefusedError):
            return "nothing answers there"
        if isinstance(seen, MemoryError):
            return f"what it says does not fit into {MOST_MEMORY >> 20} MiB"
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, TimeoutError):
        return f"it does not answer within {TIMEOUT} s"
    return " ".join(str(error).split()) or type(error).__name__


def bounded() -> None:
    """Let this process have a bound of memory, and each try an end."""

    def over(*_: object) -> None:
        raise Refused(f"it has not come to an end within {WHOLE} s")

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    signal.signal(signal.SIGALRM, over)


def main(wishes: list[Wish]) -> None:
    import json

    bounded()
    for wish in wishes:
        done = {"key": wish["key_of"], "error": "", "said": "", "wanted": []}
        # Again and again: a library may take the first one for an error of its own.
        signal.setitimer(signal.ITIMER_REAL, WHOLE, 1)
        try:
            said, done["wanted"] = globals()[wish["kind"]](wish)
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
