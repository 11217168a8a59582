"""Services: enabled, running, answering, and started with the configuration that is on disk."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .running import Running, parse, question
from .service import FINGERPRINT, Service, attempt, judged
from .state import STATE
from .step import Do, Due

TAKES_EFFECT = 10
"""Seconds that a service may take after a reload until the probe succeeds."""

NOT_AT_BOOT = ("disabled", "masked", "masked-runtime")


@dataclass(frozen=True)
class Services:
    """Each service enabled, active, answering and started with what is on disk.

    One command for each that needs something done; it fails, with the last lines of the unit's
    journal, when the service does not answer in time.
    """

    name: str
    services: Sequence[Service]

    def question(self) -> str:
        return question(self.services)

    @property
    def takes(self) -> int:
        """Milliseconds: systemd's answer, and that of each service."""
        asked = [s for s in self.services if s.probe != f"systemctl is-active -q {s.unit}"]
        return 10 + 15 * len(asked)

    def wants(self) -> str:
        return f"{self.question()} {[service.digests() for service in self.services]}"

    def due(self, lines: Sequence[str]) -> Due:
        found = parse(lines)
        do = []
        for service in self.services:
            running = found.get(service.unit, Running())
            if service.started_by:
                running = replace(running, enabled=found.get(service.started_by, Running()).enabled)
            if action := decide(service, running):
                do.append(_do(service, action, running))
        return Due(tuple(do), fine="all answer and have their current configuration")


@dataclass(frozen=True)
class Action:
    """What has to be done to a service, and the reason to tell the operator."""

    verb: str  # "start" | "restart" | "reload" | "enable"
    reason: str
    back: bool = False  # whether it is to run again with what it ran with


def decide(service: Service, running: Running) -> Action | None:
    """The least that makes `service` what it should be; None when it is."""
    wanted = service.digests()
    back = "reload" if service.reload else "restart"
    stopped = running.active not in ("active", "reloading", "activating")
    due = (
        (stopped, Action("start", f"it is {running.active}")),
        (
            running.restart != wanted["restart"],
            Action("restart", "it runs with a former configuration"),
        ),
        # The probe may ask for what only the new configuration has: so that is read first.
        (running.reload != wanted["reload"], Action("reload", "its configuration changed")),
        (not running.answers, Action("restart", "it does not answer")),
        (
            bool(service.same) and not running.as_before,
            Action(back, "it runs with other values than its files have", back=True),
        ),
        (
            running.enabled in NOT_AT_BOOT,
            Action("enable", f"{service.started_by or 'it'} is {running.enabled}"),
        ),
    )
    return next((action for applies, action in due if applies), None)


def script(service: Service, action: Action, running: Running) -> str:
    """The shell commands that carry out `action` and prove it. Exit status 1: the service did not
    answer, refused a reload, or would not start again."""
    unit = shlex.quote(service.unit)
    # What an earlier run was told is not this one's.
    lines = ["set -e", f"rm -f {_said_at(service)}"]
    starter = shlex.quote(service.started_by or service.unit)
    if running.enabled.startswith("masked"):
        lines.append(f"systemctl unmask -q {starter}; systemctl unmask -q --runtime {starter}")
    if running.stale_unit:
        lines.append("systemctl daemon-reload")
    if running.enabled in NOT_AT_BOOT:
        lines.append(f"systemctl enable -q {starter}")
    if action.verb == "restart" and service.starts:
        lines.append(_would_start(service))
    if action.verb in ("start", "restart"):
        # A unit that gave up after too many starts has to be told that this is a new try.
        lines.append(f"systemctl reset-failed {unit} 2>/dev/null || true")
        # A failed start is told below, with the service's own words.
        lines.append(f"systemctl restart {unit} || true")
    elif action.verb == "reload":
        lines.append(_reload(service))
    if action.verb == "reload" and not running.answers:
        lines.append(_answers_or_restarts(service))
    lines.append(_until_it_answers(service))
    stamp = f"{STATE}/stamps/{unit}.live"
    if service.unlike and action.verb in ("start", "restart"):
        lines.append(f"{service.same} || {{ {_reload(service)}; {_until_it_answers(service)}; }}")
    if service.live and action.back and action.verb == "reload":
        lines.append(
            f"if [ -e {stamp} ] && ! {{ {service.same}; }}; then"
            f" systemctl restart {unit} || true; {_until_it_answers(service)}; fi"
        )
    lines.append(f"mkdir -p {STATE}/stamps")
    if service.live:
        # Without a stamp the next run asks again, and has it reload.
        lines.append(judged(service.live, f"{FINGERPRINT} > {stamp}", f"rm -f {stamp}"))
    for kind, value in service.digests().items():
        lines.append(f"echo {value} > {STATE}/stamps/{unit}.{kind}")
    return "\n".join(lines)


def _reload(service: Service) -> str:
    return _heard(service, service.reload or "true")


def _would_start(service: Service) -> str:
    words = shlex.quote(f"{service.unit} goes on as it is: it would not start again")
    heard = _heard(service, service.starts, otherwise=f"echo {words} >&2; ")
    return f"{heard}; rm -f {_said_at(service)}"  # nobody needs a word of one that went well


def _heard(service: Service, command: str, otherwise: str = "") -> str:
    """Shell: what `command` says is kept, and shown where it fails."""
    said = _said_at(service)
    return (
        f"mkdir -p {STATE}/said; ( {command}\n) > {said} 2>&1"
        f" || {{ {otherwise}cat {said} >&2; exit 1; }}"
    )


def _answers_or_restarts(service: Service) -> str:
    """Shell: a service that did not answer, and does not after its reload either, hangs."""
    unit = shlex.quote(service.unit)
    goes_on = f"{_would_start(service)}\n" if service.starts else ""
    restart = (
        f"{goes_on} systemctl reset-failed {unit} 2>/dev/null || true;"
        f" systemctl restart {unit} || true; break"
    )
    return _until(service, TAKES_EFFECT, "", restart)


def _until_it_answers(service: Service) -> str:
    unit = shlex.quote(service.unit)
    tell = (
        f"echo '{service.unit} does not answer (deadline {service.deadline} s); its last words:'"
        f" >&2; {last_words(unit)} >&2; exit 1"
    )
    return _until(service, service.deadline, f" || systemctl is-failed -q {unit}", tell)


def _until(service: Service, seconds: int, unrecoverable: str, then: str) -> str:
    """Shell: asks until it answers; after `seconds`, or if `unrecoverable`, does `then` once."""
    return (
        f"end=$(($(date +%s) + {seconds})); until {attempt(service.probe)}; do"
        f" if [ $(date +%s) -ge $end ]{unrecoverable}; then {then}; fi; sleep 0.1; done"
    )


def last_words(unit: str) -> str:
    """Shell: the last lines of a unit's journal, and none of who came in by it: where no session
    is a unit of its own, the commands of everybody who uses sudo stand in that of SSH."""
    others = r"^(pam_[a-z]+\(|[[:space:]]*[^[:space:]]+ : (TTY|PWD|USER)=)"
    lines = f"journalctl -u {unit} -n 200 --no-pager -o cat"
    return f"{lines} | grep -vE {shlex.quote(others)} | tail -n 20"


def _do(service: Service, action: Action, running: Running) -> Do:
    words = f"{action.verb} {service.unit}: {action.reason}"
    tells = action.verb == "reload" or bool(service.unlike)
    return Do(
        script(service, action, running), words=(words,), asks=_said(service) if tells else ""
    )


def _said(service: Service) -> str:
    """Shell: what the unit's reload printed, whether it had to restart after all, say."""
    return f"sed 's/^/{service.unit}: /' {_said_at(service)} 2>/dev/null; true"


def _said_at(service: Service) -> str:
    return f"{STATE}/said/{shlex.quote(service.unit)}"
