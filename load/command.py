"""readyhost ENV load: from the options to a kept report."""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from readyhost import hosts, ssh
from readyhost.hosts import Environment, Host
from roles.core.errors import OperatorError
from roles.core.plain import plain

from . import compared, detached, kept, report, result, scenario
from .options import again
from .run import Run, Seen
from .stages import Stage, stages

LOG = "/var/log/nginx/access.log"
INTERVAL = 2.0  # seconds between two samples
MOST_SAMPLES = 2000  # of a soak
TOLD = 0.5  # seconds between two lines of the visitors
MOST_LINES = 8000  # of a soak
ENDED, FAILED = 3, 2  # exit status: it ended before its time; it did not begin


def load(environment: Environment, options: argparse.Namespace) -> int:
    """Do it. Returns the exit status."""
    app = environment.app(options.application)
    found = environment.only(options.host)
    if len(found) > 1:
        names = ", ".join(host.name for host in found)
        raise OperatorError(f"which host? Say --host; there are {names}")
    view = next(each for each in environment.settings.applications if each.app.name == app)
    folder = hosts.ROOT / "inventories" / options.environment
    path = options.scenario or folder / "load.py"
    if options.write_scenario:
        return _write(options.environment, found[0], view, path)
    _allowed(environment, options)
    if find_spec("locust") is None:
        raise OperatorError("Locust is not there: `make load` brings it")
    if not path.is_file():
        raise OperatorError(f"{path}: no scenario; --write-scenario makes one of Nginx's log")
    plan = _plan(options)
    if options.detach:
        return detached.begin(kept.folder(options.environment), options.environment, again(options))
    return Test(options, environment, view=view, host=found[0], path=path, plan=plan).run()


def _plan(options: argparse.Namespace) -> tuple[Stage, ...]:
    try:
        plan = stages(options.users, options.stage_seconds, options.arrivals)
    except ValueError:
        raise OperatorError(f"--users {options.users}: numbers, separated by commas") from None
    if options.soak:
        return (Stage(plan[0].users, options.soak * 3600, options.arrivals),)
    return plan[-1:] if options.single_process else plan


def _allowed(environment: Environment, options: argparse.Namespace) -> None:
    """Whoever loads what is not meant for it says its name."""
    name = options.environment
    if environment.settings.load.allowed or options.yes == name:
        return
    if options.yes is None and sys.stdin.isatty():
        print(f"{name} may have visitors ([load] allowed is not set).", file=sys.stderr)
        if input(f"Type {name} to load it: ").strip() == name:
            return
    raise OperatorError(f"not without the environment's name: --yes {name}, or [load] allowed")


def _write(environment: str, host: Host, view: Any, path: Path) -> int:
    if path.exists():
        raise OperatorError(f"{path} is there already, and yours")
    start = "" if host.user == "root" else "sudo -n "
    asked = f"{start}sh -c {ssh.shlex.quote(scenario.question())}"
    done = subprocess.run(
        ssh.line(host, asked), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode == 255:
        raise OperatorError(f"{host.name} does not answer: {plain(done.stderr.strip())}")
    paths = scenario.asked(done.stdout.splitlines(), (view.domain, *view.aliases))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = scenario.written(paths, domain=view.domain, environment=environment)
    path.write_text(text, encoding="utf-8")
    print(f"{path}: {len(scenario.grouped(paths))} paths of {sum(paths.values())} requests")
    return 0


class Test:
    """One test of one host."""

    def __init__(
        self,
        options: argparse.Namespace,
        environment: Environment,
        *,
        view: Any,
        host: Host,
        path: Path,
        plan: tuple[Stage, ...],
    ) -> None:
        self.options, self.view, self.host, self.path, self.plan = options, view, host, path, plan
        self.limits = environment.settings.load
        self.settings = environment.settings
        self.agent = f"readyhost-load/{secrets.token_hex(8)}"

    def run(self) -> int:
        begin = time.time()
        seconds = sum(stage.seconds for stage in self.plan) * (2 if self._single else 1)
        running = Run(self.host, self._wish(seconds), int(seconds) + 60)
        lasts = timedelta(seconds=round(seconds))
        print(f"{self.host.name}: {detached.BEGUN}, for {lasts}", file=sys.stderr, flush=True)
        try:
            alone = None
            if self._single:
                stopped = running.ask("single")
                if not stopped:
                    raise OperatorError("there is one web process already: nothing to compare")
                alone = running.round(self._told(), self.plan, self._show("one process"))
                running.ask("all")
            seen = alone
            if alone is None or not alone.abort:
                seen = running.round(self._told(), self.plan, self._show(""))
        finally:
            running.close()
        print(file=sys.stderr)
        assert seen is not None  # noqa: S101 - for the type checker
        return self._end(begin, seen, alone if alone is not seen else None)

    @property
    def _single(self) -> bool:
        return bool(self.options.single_process)

    def _wish(self, seconds: float) -> dict[str, Any]:
        from roles.redis.role import SOCKET

        return {
            "app": self.view.app.name,
            "agent": self.agent,
            "log": LOG,
            "interval": max(INTERVAL, seconds / MOST_SAMPLES),
            "abort_disk": self.limits.abort_disk_percent,
            "postgres_port": self.settings.postgres.port,
            "pooler_port": self.settings.pgbouncer.port,
            "redis_socket": SOCKET,
        }

    def _told(self) -> dict[str, Any]:
        return {
            "scenario": str(self.path),
            "host": f"https://{self.view.domain}",
            "names": [self.view.domain, *self.view.aliases],
            "address": self.host.address,
            "agent": self.agent,
            "abort_errors": self.limits.abort_errors_percent,
            "every": max(TOLD, sum(stage.seconds for stage in self.plan) / MOST_LINES),
        }

    def _show(self, prefix: str) -> Callable[[dict[str, Any]], None]:
        last = [0.0]

        def show(line: dict[str, Any]) -> None:
            if not sys.stderr.isatty() or line["at"] - last[0] < 1:
                return
            last[0] = line["at"]
            errors = sum(line["errors"].values())
            answers = sum(
                n for m in line["seen"].values() for of in m.values() for n in of.values()
            )
            print(f"\r{prefix} stage {line['stage'] + 1}: {line['users']} users, {answers} answers,"
                  f" {errors} errors   ", end="", file=sys.stderr)  # fmt: skip

        return show

    def _end(self, begin: float, seen: Seen, alone: Seen | None) -> int:
        done = result.of_stages(self.plan, seen)
        found = result.found(
            self.options,
            seen,
            done,
            begin=begin,
            host=self.host.name,
            application=self.view.app.name,
            scenario=self.path,
            plan=self.plan,
        )
        if alone:
            found["single"] = result.gained(result.of_stages(self.plan, alone), done)
        place = kept.folder(self.options.environment)
        changes = compared.compared(found, kept.before(place, found))
        page = kept.keep(place, found, report.page(found, changes))
        for line in report.terminal(found, changes):
            print(line)
        print(page)
        return ENDED if seen.abort else 0
