"""Storage elsewhere that speaks S3."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import os
import re
import time
import urllib.parse

from .service import TIMEOUT, Found, Refused, Wish, context


def look(wish: Wish) -> Found:
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
