"""Locust's users, in stages, and those who come by the clock beside them."""

from __future__ import annotations

import random
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
import gevent.ssl
from locust import FastHttpUser
from locust.env import Environment
from locust.event import Events
from locust.util.load_locustfile import load_locustfile

from .begun import begins, like
from .histogram import Histogram, add

TICK = 0.25  # seconds between two looks at whether it must end
WINDOW = 2.0  # seconds of which errors are counted for the end
FEW = 40  # answers that say nothing yet
WAITING = 2000  # arrivals that wait at once; one more is not sent, and an error
REASONS = 12  # that are told apart
LONG = 160  # characters of one


class Visitors:
    """told: scenario, host, agent, stages, abort_errors, every (seconds between two
    lines). say: takes what is seen."""

    def __init__(self, told: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> None:
        self.told, self.say = told, say
        _called(told["agent"])
        import locust

        events = locust.events
        # Its versions return two or three things, of which one is the classes by name.
        found = load_locustfile(str(Path(told["scenario"]).resolve()))
        classes = next(each for each in found if isinstance(each, dict))
        if not classes:
            raise SystemExit(f"{told['scenario']}: has no class of users")
        self.classes: list[Any] = list(classes.values())
        self.begun: list[Any] = []
        # Of all before any is changed: one class may inherit another's.
        for kind, on_start in [(kind, kind.on_start) for kind in self.classes]:
            kind.on_start = begins(on_start, self.begun, self._lost, gevent.sleep, _waits)
        assert isinstance(events, Events)  # noqa: S101 - for the type checker
        self.environment = Environment(
            user_classes=self.classes, events=events, host=told["host"], catch_exceptions=True
        )
        self.runner = self.environment.create_local_runner()
        self.environment.events.request.add_listener(self._heard)
        self.environment.events.user_error.add_listener(self._raised)
        self.seen: dict[str, dict[str, Histogram]] = {"closed": {}, "open": {}}
        self.errors: dict[str, int] = {}
        self.failed: dict[str, int] = {}
        self.lately: deque[tuple[float, int, int]] = deque()
        self.total = self.bad = 0
        self.free: list[Any] = []
        self.waiting = 0
        self.late = 0.0

    def run(self) -> None:
        """All stages; ends sooner where there are too many errors."""
        for number, stage in enumerate(self.told["stages"]):
            change = abs(stage["users"] - self.runner.user_count)
            self.runner.start(stage["users"], max(change / max(stage["ramp"], 0.5), 1))
            begin = time.monotonic()
            end = begin + stage["seconds"]
            clock = gevent.spawn(self._arrivals, stage["rate"], begin + stage["ramp"], end)
            told = begin
            while (now := time.monotonic()) < begin + stage["seconds"]:
                gevent.sleep(TICK)
                if now - told >= self.told["every"]:
                    told = now
                    self._tell(number, steady=self._there(stage, now - begin))
                if why := self._too_many():
                    self._tell(number, steady=False)
                    self.say({"abort": why})
                    return
            clock.kill(block=False)

    def _there(self, stage: dict[str, Any], since: float) -> bool:
        """Whether all are there and signed in; half of a stage is the most that it may take."""
        all_ = len(self.begun) >= stage["users"] or since > stage["seconds"] / 2
        return bool(all_ and since > stage["ramp"])

    def _tell(self, stage: int, *, steady: bool) -> None:
        seen, errors, failed = self.seen, self.errors, self.failed
        self.seen, self.errors, self.failed = {"closed": {}, "open": {}}, {}, {}
        late, self.late = self.late, 0.0
        self.say(
            {"stage": stage, "steady": steady, "users": self.runner.user_count, "seen": seen,
             "errors": errors, "failed": failed, "late": late, "waiting": self.waiting,
             "cpu": time.process_time()}
        )  # fmt: skip

    def _heard(self, request_type: str, name: str, response_time: float, response_length: int,
               exception: Any = None, **more: Any) -> None:  # fmt: skip
        here = gevent.getcurrent()
        model = getattr(here, "model", "closed")
        if (intended := getattr(here, "intended", None)) is not None:
            response_time, here.intended = 1000 * (time.monotonic() - intended), None
        called = f"{request_type} {name}"
        self.total += 1
        add(self.seen[model].setdefault(called, {}), response_time)
        if exception:
            self._error(called, " ".join(str(exception).split()) or type(exception).__name__)

    def _raised(self, exception: Any, **more: Any) -> None:
        self._lost("task", f"{type(exception).__name__}: {exception}")

    def _lost(self, called: str, why: str) -> None:
        """Something that came to no answer: the scenario raised, or nothing was sent."""
        self.total += 1
        self._error(called, why)

    def _error(self, called: str, why: str) -> None:
        self.bad += 1
        self.failed[called] = self.failed.get(called, 0) + 1
        known = why[:LONG] if len(self.errors) < REASONS or why[:LONG] in self.errors else "others"
        self.errors[known] = self.errors.get(known, 0) + 1

    def _too_many(self) -> str:
        now = time.monotonic()
        self.lately.append((now, self.total, self.bad))
        while self.lately[0][0] < now - WINDOW:
            self.lately.popleft()
        _, total, bad = self.lately[0]
        answers, errors = self.total - total, self.bad - bad
        if answers >= FEW and 100 * errors / answers > self.told["abort_errors"]:
            return f"{errors} errors among the last {answers} answers"
        return ""

    # --- those who come by the clock ------------------------------------------------------------

    def _arrivals(self, rate: float, latest: float, end: float) -> None:
        if not rate:
            return
        while not self.begun and time.monotonic() < latest:
            gevent.sleep(TICK)
        due = time.monotonic()
        while due < end:
            gevent.sleep(max(due - time.monotonic(), 0))
            self.late = max(self.late, time.monotonic() - due)
            if self.waiting >= WAITING:
                self._lost("arrival", f"not sent: {WAITING} arrivals wait already")
            else:
                gevent.spawn(self._arrival, due)
            due += 1 / rate

    def _arrival(self, intended: float) -> None:
        """One task of a user that nobody waits for. Its first answer counts from when it was to be
        asked for: whoever is late has waited since then."""
        here = gevent.getcurrent()
        here.model, here.intended = "open", intended
        self.waiting += 1
        try:
            user = self.free.pop() if self.free else self._new()
            task = random.choice(user.tasks)  # noqa: S311 - weights are in the list
            if not isinstance(task, type):
                task(user)
            self.free.append(user)
        except Exception as error:
            self._lost("arrival", f"{type(error).__name__}: {error}")
        finally:
            self.waiting -= 1

    def _new(self) -> Any:
        if self.begun:
            return like(random.choice(self.begun), lambda kind: kind(self.environment))  # noqa: S311
        weights = [kind.weight for kind in self.classes]
        user = random.choices(self.classes, weights)[0](self.environment)  # noqa: S311
        user.on_start()
        return user


class Unread(gevent.ssl.SSLContext):
    """Verifies nobody, as Locust's own: the host is known by its address in the inventory."""

    def load_verify_locations(self, *files: Any, **more: Any) -> None:
        pass


def _waits() -> bool:
    return getattr(gevent.getcurrent(), "model", "closed") == "closed"


def _called(agent: str) -> None:
    """Nginx's log tells the test's requests from others by this."""
    import locust.contrib.fasthttp
    import requests.utils

    # One for all: each would read every certificate of this machine, to look at none of them, and
    # nobody else is asked meanwhile.
    shared = Unread(gevent.ssl.PROTOCOL_TLS_CLIENT)
    shared.check_hostname, shared.verify_mode = False, gevent.ssl.CERT_NONE
    locust.contrib.fasthttp.insecure_ssl_context_factory = lambda: shared
    FastHttpUser.default_headers = {"User-Agent": agent}
    requests.utils.default_user_agent = lambda name="": agent
    sys.modules["requests.sessions"].default_headers = requests.utils.default_headers  # type: ignore[attr-defined]
