"""The score of a response's headers by the rules that the HTTP Observatory publishes.

Source: src/grader/charts.js and src/analyzer/tests of MDN's mdn-http-observatory 1.4 (MPL 2.0). It
starts at 100; what is missing is taken off, and what is better than needed is added only if 90 or
more are left. Left out, since they ask for more than a response: the browsers' preload list, and
subresource integrity, which takes off for scripts from other sites alone.
"""

from __future__ import annotations

from .client import Answer

EXTRA_CREDIT_FROM = 90
SIX_MONTHS = 15_768_000  # seconds
BROAD = {"*", "http:", "https:", "'unsafe-inline'", "data:", "http://*", "https://*"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(page: Answer, plain: Answer) -> tuple[int, dict[str, int]]:
    """The score of `page`, asked by HTTPS, when plain HTTP answers `plain`; and its parts."""
    policy = _policy(page)
    parts = {
        "content-security-policy": _content(policy),
        "cookies": _cookies(page),
        "cross-origin-resource-sharing": -50
        if _is(page, "access-control-allow-origin", "*")
        else 0,
        "redirection": 0 if _to_https(plain) else -20,
        "referrer-policy": _referrer(page),
        "strict-transport-security": _transport(page),
        "x-content-type-options": 0 if _is(page, "x-content-type-options", "nosniff") else -5,
        "x-frame-options": _frames(page, policy),
        "cross-origin-resource-policy": _resources(page),
    }
    uncurved = 100 + sum(part for part in parts.values() if part < 0)
    extra = sum(part for part in parts.values() if part > 0)
    return uncurved + (extra if uncurved >= EXTRA_CREDIT_FROM else 0), parts


def _value(page: Answer, name: str) -> str:
    return ", ".join(page.all(name)).strip().lower()


def _is(page: Answer, name: str, value: str) -> bool:
    return _value(page, name) == value


def _policy(page: Answer) -> dict[str, set[str]]:
    """Sources by directive; what is not said is what default-src says."""
    directives = [part.split() for part in _value(page, "content-security-policy").split(";")]
    return {name: set(sources) for name, *sources in filter(None, directives)}


def _content(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, styles, objects = (
        policy.get(name, default) for name in ("script-src", "style-src", "object-src")
    )
    if scripts & BROAD or objects & BROAD:
        return -20
    if any(source.startswith("http:") for sources in policy.values() for source in sources):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & BROAD:
        return 0
    return 10 if default == {"'none'"} else 5


def _cookies(page: Answer) -> int:
    cookies = [cookie.lower().replace(" ", "") for cookie in page.all("set-cookie")]
    if not cookies:
        return 0
    if not all(";httponly" in cookie for cookie in cookies):
        return -30
    if not all(";secure" in cookie for cookie in cookies):
        return -40
    return 5 if all(";samesite=" in cookie for cookie in cookies) else 0


def _to_https(plain: Answer) -> bool:
    return plain.status in (301, 302, 303, 307, 308) and _value(plain, "location").startswith(
        "https://"
    )


def _referrer(page: Answer) -> int:
    value = _value(page, "referrer-policy")
    if not value:
        return 0
    return 5 if value.rpartition(",")[2].strip() in PRIVATE else -5


def _transport(page: Answer) -> int:
    pairs = (
        part.strip().partition("=") for part in _value(page, "strict-transport-security").split(";")
    )
    age = {name: value for name, _, value in pairs}.get("max-age", "")
    if not age.isdecimal():
        return -20
    return 0 if int(age) >= SIX_MONTHS else -10


def _frames(page: Answer, policy: dict[str, set[str]]) -> int:
    if policy.get("frame-ancestors", {"*"}).isdisjoint({"*", "http:", "https:"}):
        return 5
    return 0 if _value(page, "x-frame-options") in ("deny", "sameorigin") else -20


def _resources(page: Answer) -> int:
    by_value = {"": 0, "cross-origin": 0, "same-site": 10, "same-origin": 10}
    return by_value.get(_value(page, "cross-origin-resource-policy"), -5)
