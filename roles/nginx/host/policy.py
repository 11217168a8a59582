#!/usr/bin/python3
"""Show what pages did that this host's Content-Security-Policy refuses, or would.

    readyhost-csp [FILE...]    by default the log of browsers' reports, and the one before it

For each: how often, on which pages, and what would allow it; then the whole setting. Anybody can
send a report: allow only what you know.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

LOGS = ("/var/log/nginx/reports.log.1", "/var/log/nginx/reports.log")
POLICY = "/etc/nginx/content-security-policy"
WORDS = {
    "inline": "'unsafe-inline'",
    "eval": "'unsafe-eval'",
    "wasm-eval": "'wasm-unsafe-eval'",
    "self": "'self'",
    "data": "data:",
    "blob": "blob:",
}
ORIGIN = re.compile(r"(https?|wss?)://[a-z0-9.-]+(:[0-9]{1,5})?")
DIRECTIVE = re.compile(r"[a-z-]+")
WIDER = ("-elem", "-attr")  # script-src-elem and the like are said by script-src


def allowing(blocked: str) -> str:
    """The source that would allow what was blocked; empty where it is none that a policy names."""
    if blocked in WORDS:
        return WORDS[blocked]
    found = ORIGIN.match(blocked)
    return found[0] if found else ""


def reports(files: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Directive, source that would allow it, page."""
    for name in files:
        if not Path(name).exists():
            continue
        with Path(name).open(encoding="utf-8", errors="replace") as log:
            for line in log:
                try:
                    entry = json.loads(line)
                    directive, blocked, page = (
                        str(entry[key]) for key in ("directive", "blocked", "page")
                    )
                except (ValueError, KeyError, TypeError):
                    continue
                for end in WIDER:
                    if directive.endswith(end):
                        directive = directive[: -len(end)]
                if DIRECTIVE.fullmatch(directive) and (source := allowing(blocked)):
                    yield directive, source, shown(page)


def shown(page: str) -> str:
    """A page as it may be shown: anybody can report one, with orders to a terminal in its name."""
    return "".join(c if " " <= c <= "~" else "?" for c in page)


def widened(policy: str, wanted: Iterable[tuple[str, str]]) -> str:
    """`policy` with these sources; a directive that it has not begins as its default-src."""
    parts: dict[str, list[str]] = {}
    for words in (part.split() for part in policy.split(";") if part.strip()):
        parts[words[0]] = words[1:]
    for directive, source in wanted:
        sources = parts.setdefault(directive, list(parts.get("default-src", [])))
        if source not in sources:
            sources.append(source)
        if "'none'" in sources:
            sources.remove("'none'")
    return "; ".join(" ".join([name, *sources]) for name, sources in parts.items())


def main(files: list[str]) -> None:
    count: Counter[tuple[str, str]] = Counter()
    pages: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for directive, source, page in reports(files or LOGS):
        count[directive, source] += 1
        pages[directive, source].add(page)
    if not count:
        print("no browser has reported anything; the strict policy may fit:")
        print('[nginx.headers]\ncontent_security_policy = "strict"')
        return
    for (directive, source), times in count.most_common(40):
        where = sorted(pages[directive, source])
        print(f"{times:>7}  {directive} {source}")
        print(f"{'':>9}on {', '.join(where[:3])}{' and others' if len(where) > 3 else ''}")
    policy = Path(POLICY).read_text().strip() if Path(POLICY).exists() else "default-src 'self'"
    print(
        "\nAnybody can send a report: take away what you do not know. What would allow all of it:"
    )
    print(f'\n[nginx.headers]\ncontent_security_policy = "{widened(policy, count)}"')


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except PermissionError as error:
        sys.exit(f"readyhost-csp: {error.filename} is root's and the log's readers': use sudo")
