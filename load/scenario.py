"""A scenario from what visitors have asked for, as Nginx's own log has it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

MOST = 25  # paths
PLAIN = re.compile(r"/[A-Za-z0-9._~/@+-]*")
"""What is written into the file: no query, no escape, nothing that a program could be made of."""
NUMBER = re.compile(r"/(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,})(?=/|$)")

HEAD = '''\
"""What visitors of {domain} do, for `readyhost {environment} load`. Made from {requests} requests
of Nginx's log; it is yours to change. Locust's own documentation says what else there is.

It leads to the inventory's host and nowhere else, whatever stands here.
"""

from locust import FastHttpUser, between, task


class Visitor(FastHttpUser):
    # Seconds that a person looks at a page before the next one. Arrivals by the clock
    # (--arrivals) do not wait.
    wait_time = between(1, 5)

    # Somebody who signs in: a test user of your own, whose password comes from the environment.
    # def on_start(self):
    #     import os
    #     user = {{"name": "load", "password": os.environ["LOAD_PASSWORD"]}}
    #     self.client.post("{signs_in}", json=user)
    # The same by a form, as Django, Rails and others have it, with its hidden token:
    # def on_start(self):
    #     import os, re
    #     path = "{signs_in}"
    #     page = self.client.get(path).text or ""
    #     form = {{"username": "load", "password": os.environ["LOAD_PASSWORD"]}}
    #     hidden = re.search(r'name="([^"]*(?:csrf|token)[^"]*)" value="([^"]+)"', page)
    #     if hidden:
    #         form[hidden[1]] = hidden[2]
    #     where = {{"Referer": self.client.base_url + path}}
    #     answer = self.client.post(path, form, headers=where)
    #     if not answer.ok or 'type="password"' in (answer.text or ""):
    #         raise ValueError("not signed in: wrong path, or wrong password?")
'''
SIGNS_IN = re.compile(r"(?i)/(?:log|sign)[-_]?in(?:\.[a-z]+)?/?")
"""What ends the path of a page that signs in."""
TASK = """
    @task({weight})
    def {name}(self):
        self.client.get({path}{named})
"""
TAIL = """
    # What writes leaves something behind. Only where that may be, as on staging.
    # @task(1)
    # def write(self):
    #     self.client.post("/items", json={"name": "from a load test"})
"""

SELECT = (
    "{{ ls -tr /var/log/nginx/access.log*.gz 2>/dev/null | tail -n 3 | xargs -r zcat;"
    " cat /var/log/nginx/access.log.1 /var/log/nginx/access.log 2>/dev/null; }}"
    ' | grep -aF \'"method":"GET"\' | tail -n {lines}'
)


def question(lines: int = 50_000) -> str:
    """Shell for root: the last requests that only read."""
    return SELECT.format(lines=lines)


def asked(lines: Iterable[str], hosts: Iterable[str]) -> Counter[str]:
    """How often each path was read with success, by visitors of `hosts`; hostile and the load
    test's own requests, and what a probe asks, do not count."""
    names = set(hosts)
    found: Counter[str] = Counter()
    for line in lines:
        try:
            one: Mapping[str, Any] = json.loads(line)
            good = one["host"] in names and one["method"] == "GET" and 200 <= one["status"] < 300
            path = str(one["path"]).split("?")[0]
        except (ValueError, LookupError, TypeError):
            continue
        own = str(one.get("agent", "")).startswith("readyhost-")
        if good and not own and not one.get("hostile") and PLAIN.fullmatch(path):
            found[path] += 1
    return found


def grouped(paths: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(an example, what all like it are called, how often): /items/7 and /items/8 are one task."""
    groups: dict[str, Counter[str]] = {}
    for path, count in paths.items():
        groups.setdefault(NUMBER.sub("/[id]", path), Counter())[path] += count
    rows = [(of.most_common(1)[0][0], name, sum(of.values())) for name, of in groups.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1]))[:MOST]


def written(paths: Mapping[str, int], *, domain: str, environment: str) -> str:
    """The file. Weights are of a hundred, at least one each."""
    rows = grouped(paths) or [("/", "/", 1)]
    total = sum(count for _, _, count in rows)
    requests, signs_in = sum(paths.values()), _signs_in(paths)
    text = HEAD.format(domain=domain, environment=environment, requests=requests, signs_in=signs_in)
    taken: set[str] = set()
    for path, name, count in rows:
        # Visitors choose them: of two tasks by one name Python would keep the last.
        called = _name(name)
        while called in taken:
            called += "_"
        taken.add(called)
        text += TASK.format(
            weight=max(round(100 * count / total), 1),
            name=called,
            path=json.dumps(path),
            named=f", name={json.dumps(name)}" if name != path else "",
        )
    return text + TAIL


def _signs_in(paths: Mapping[str, int]) -> str:
    """As visitors read it: Django's ends with a slash, and what is posted without it is lost.

    >>> _signs_in({"/accounts/login/": 3, "/login-help": 9})
    '/accounts/login/'
    """
    known = [path for path in paths if re.search(SIGNS_IN.pattern + "$", path)]
    return min(known, key=lambda path: (-paths[path], path), default="/login")


def _name(path: str) -> str:
    """
    >>> _name("/items/[id]"), _name("/")
    ('get_items_id', 'get_start')
    """
    return "get_" + (re.sub(r"[^a-z0-9]+", "_", path.lower()).strip("_") or "start")
