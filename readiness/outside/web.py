"""WEB: what answers look like to a visitor."""

from __future__ import annotations

import re
import secrets
import zlib
from typing import TYPE_CHECKING

from ..outcome import Finding, either, false, true, unknown, unwanted
from .client import Answer, Visitor

if TYPE_CHECKING:
    from settings import Settings

FOREIGN = "https://foreign.example"
SAVED = 0.7  # of a text that is long enough to have words twice
SAVED_OF_CODE = 0.6  # of scripts and styles: React's, minified, loses 69 %
LONG = 8192  # bytes
MOST_PATHS = 6
ASSET = re.compile(r"""(?:src|href)=["'](/[^/"'?#][^"'?#]*\.(?:m?js|css))["']""")
ASSET_NAME = re.compile(r"\.(?:m?js|css)$")
YEAR = 365 * 86_400  # seconds: how long a file of a mount with a hash in its name is kept


def compressed(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """The longest text among the application's own pages, and what they name."""
    own = (sample, "/", settings.app.health.page, *named(visitor))
    paths = dict.fromkeys(each for each in own if each)
    texts = [(path, visitor.ask(path, accept_encoding="identity")) for path in paths]
    fit = [(path, answer) for path, answer in texts if _is_text(settings, answer)]
    if not fit:
        least = settings.nginx.gzip_min_bytes
        return unknown(f"no text of {least} bytes among {', '.join(paths)}")
    path, whole = max(fit, key=lambda each: len(each[1].body))
    small = visitor.ask(path, accept_encoding="gzip")
    if small.headers.get("content-encoding") != "gzip" or not _unpacks(small.body):
        return false(f"{path} comes as it is, {len(whole.body)} bytes")
    saved = 1 - len(small.body) / len(whole.body)
    return either(
        saved >= (SAVED_OF_CODE if ASSET_NAME.search(path) else SAVED) or len(whole.body) < LONG,
        f"{path} loses {saved:.0%} of {len(whole.body)} bytes",
    )


def _unpacks(body: bytes) -> bool:
    """Whether it is what gzip makes: its first byte tells. Four megabytes may be four gigabytes."""
    try:
        return bool(zlib.decompressobj(wbits=31).decompress(body, 1))
    except zlib.error:
        return False


def named(visitor: Visitor) -> list[str]:
    """Scripts and styles of the site's first page, at their own paths."""
    page = visitor.ask("/", accept_encoding="identity").body.decode("utf-8", "replace")
    return list(dict.fromkeys(ASSET.findall(page)))[:MOST_PATHS]


def _is_text(settings: Settings, answer: Answer) -> bool:
    kind = answer.headers.get("content-type", "").split(";")[0].strip()
    known = kind == "text/html" or kind in settings.nginx.gzip_types
    long = len(answer.body) >= settings.nginx.gzip_min_bytes
    return answer.status == 200 and known and long


def headers(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """On answers and on errors."""
    wanted = settings.nginx.headers
    names = {
        "strict-transport-security": bool(wanted.hsts_seconds),
        "x-content-type-options": True,
        "content-security-policy": bool(wanted.content_security_policy),
        "x-frame-options": bool(wanted.frame_options),
        "referrer-policy": bool(wanted.referrer_policy),
        "permissions-policy": bool(wanted.permissions_policy),
    }
    missing = {
        f"{name} on {path}"
        for path in (settings.app.health.path, f"/nowhere-{secrets.token_hex(4)}")
        for answer in [visitor.ask(path)]
        for name, is_wanted in names.items()
        if is_wanted and name not in answer.headers
    }
    return either(not missing, f"{sum(names.values())} headers, errors too",
                  f"missing: {', '.join(sorted(missing))}")  # fmt: skip


def files(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """A file of the live release, kept by browsers."""
    seconds = settings.nginx.static_days * 86_400
    if not settings.app.static and settings.app.mounts:
        sample, seconds = next(iter(named(visitor)), ""), YEAR
    elif not settings.app.static:
        return unwanted("neither app.static nor app.mounts is set")
    if not sample:
        return unknown("the live release has no such file")
    answer = visitor.ask(sample, "HEAD")
    if answer.status != 200:
        return false(f"{sample} answers {answer.status}")
    kept = answer.headers.get("cache-control", "")
    return either(f"max-age={seconds}" in kept, f"{sample}: {kept or 'not kept'}")


def unknown_files(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """What is not there is not kept by anybody."""
    if not settings.app.static and not settings.app.mounts:
        return unwanted("neither app.static nor app.mounts is set")
    folder = "/static/" if settings.app.static else settings.app.mounts[0].url
    answer = visitor.ask(f"{folder.rstrip('/')}/{secrets.token_hex(8)}.css")
    kept = answer.headers.get("cache-control", "")
    good = answer.status == 404 and "max-age" not in kept
    return either(good, "a file that is not there is 404, not kept", f"{answer.status}, {kept}")


def origins(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """Neither an answer nor the question before one lets a foreign page in."""
    if settings.nginx.cors == "application":
        return unwanted("nginx.cors: the application says it itself")
    path = settings.app.health.path
    got = visitor.ask(path, origin=FOREIGN)
    before = visitor.ask(path, "OPTIONS", origin=FOREIGN, access_control_request_method="POST")
    allowed = {each.headers.get("access-control-allow-origin", "") for each in (got, before)} & {
        "*",
        FOREIGN,
    }
    return either(not allowed, "no foreign page reads an answer", f"allowed: {allowed}")


def documentation(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """The API's documentation is not there for anybody."""
    if settings.nginx.docs_open:
        return unwanted("nginx.docs_open")
    paths = [path for path in settings.nginx.docs_paths if "*" not in path][:MOST_PATHS]
    open_ones = [path for path in paths if visitor.ask(path).status != 404]
    if not paths:
        return unknown("nginx.docs_paths has no plain path")
    if open_ones:
        return false(f"open: {', '.join(open_ones)}")
    return true(f"404 (nginx.docs_paths): {', '.join(settings.nginx.docs_paths)}")
