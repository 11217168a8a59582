"""Services: enabled, running, answering, and started with the configuration that is on disk.

What a service was last started or reloaded with is kept on the host as two stamps, written only
after it answered: `<unit>.restart`, the digest of what takes a restart, and `<unit>.reload`, the
digest of the rest. `fileset.sync` removes them before it touches a file. So a run that dies
anywhere leaves a stamp that does not match, and the next run knows what is owed.
"""

from __future__ import annotations

import shlex
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from pyinfra import host
from pyinfra.api import FactBase, StringCommand, operation

from .entries import Entry, digest
from .state import STATE

PROBE_TIMEOUT = 10  # seconds; one try of a probe, which may hang on a service that does


@dataclass(frozen=True)
class Service:
    """A systemd unit and what it takes to trust it.

    + unit: its real name without `.service` (`redis-server`, never an alias)
    + configuration: the entries that it is started with
    + restart_paths: patterns of those that take a restart; the others take a reload
    + reload: the command that makes it read its configuration again, None if it can't
    + probe: a shell command that succeeds exactly when the service answers
    + deadline: seconds that it may take to answer after a start
    """

    unit: str
    configuration: Sequence[Entry] = ()
    restart_paths: Sequence[str] = ()
    reload: str | None = None
    probe: str = "true"
    deadline: int = 30

    def needs_restart(self, path: str) -> bool:
        """Whether a change of `path` takes more than a reload."""
        return self.reload is None or any(fnmatch(path, p) for p in self.restart_paths)

    def digests(self) -> dict[str, str]:
        """The stamps of this configuration, by kind."""
        restart = [e for e in self.configuration if self.needs_restart(e.path)]
        other = [e for e in self.configuration if not self.needs_restart(e.path)]
        return {"restart": digest(restart), "reload": digest(other)}

    def stamps_touched_by(self, paths: Iterable[str]) -> list[str]:
        """Names of the stamps that stop being true when `paths` change."""
        mine = {entry.path for entry in self.configuration}
        known = [p for p in paths if p in mine or any(fnmatch(p, q) for q in self.restart_paths)]
        kinds = {"restart" if self.needs_restart(path) else "reload" for path in known}
        return [f"{self.unit}.{kind}" for kind in sorted(kinds)]


@dataclass(frozen=True)
class Running:
    """A unit as it is on the host."""

    active: str = "inactive"
    enabled: str = ""
    stale_unit: bool = False
    answers: bool = False
    restart: str = ""
    reload: str = ""


class RunningFact(FactBase):
    """State, stamps and answer of units; `probes` maps each unit to its probe."""

    default = dict

    def command(self, probes: dict[str, str]) -> str:
        units = " ".join(shlex.quote(f"{unit}.service") for unit in probes)
        parts = [
            f"systemctl show -p Id,ActiveState,UnitFileState,NeedDaemonReload {units} 2>/dev/null"
        ]
        for unit, probe in probes.items():
            stamp = f"{STATE}/stamps/{unit}"
            parts.append(
                f"echo 'Stamp={unit} restart' $(cat {stamp}.restart 2>/dev/null);"
                f" echo 'Stamp={unit} reload' $(cat {stamp}.reload 2>/dev/null)"
            )
            parts.append(f"{attempt(probe)} && echo 'Answers={unit}'")
        return "; ".join([*parts, "true"])

    def process(self, output: list[str]) -> dict[str, Running]:
        return parse(output)


def attempt(probe: str) -> str:
    """One bounded, silent try of a probe."""
    return f"timeout {PROBE_TIMEOUT} sh -c {shlex.quote(probe)} </dev/null >/dev/null 2>&1"


def parse(lines: Iterable[str]) -> dict[str, Running]:
    """Read what RunningFact printed: a Running for each unit."""
    shown: dict[str, str] = {}
    units: dict[str, dict] = {}

    def unit(name: str) -> dict:
        return units.setdefault(name, {})

    def finish() -> None:
        if shown:
            name = shown["Id"].removesuffix(".service")
            unit(name).update(
                active=shown.get("ActiveState", "inactive"),
                enabled=shown.get("UnitFileState", ""),
                stale_unit=shown.get("NeedDaemonReload") == "yes",
            )
            shown.clear()

    for line in lines:
        key, _, value = line.strip().partition("=")
        if key == "Stamp":
            finish()
            name, kind, *stamp = value.split()
            unit(name)[kind] = "".join(stamp)
        elif key == "Answers":
            unit(value)["answers"] = True
        elif not key:
            finish()
        else:
            if key in shown:
                finish()
            shown[key] = value
    return {name: Running(**values) for name, values in units.items()}


@dataclass(frozen=True)
class Action:
    """What has to be done to a service, and the reason to tell the operator."""

    verb: str  # "start" | "restart" | "reload" | "enable" | "note"
    reason: str


def decide(service: Service, running: Running) -> Action | None:
    """The least that makes `service` what it should be; None when it is."""
    wanted = service.digests()
    if running.active not in ("active", "reloading", "activating"):
        return Action("start", f"it is {running.active}")
    if running.restart != wanted["restart"]:
        return Action("restart", "it runs with a former configuration")
    if not running.answers:
        return Action("restart", "it does not answer")
    if running.reload != wanted["reload"]:
        return Action("reload", "its configuration changed")
    if running.enabled in ("disabled", "masked"):
        return Action("enable", f"it is {running.enabled}")
    return None


def script(service: Service, action: Action, running: Running) -> str:
    """The shell commands that carry out `action` and prove it. Exit status 1: it did not answer."""
    unit = shlex.quote(service.unit)
    lines = ["set -e"]
    if running.enabled == "masked":
        lines.append(f"systemctl unmask -q {unit}")
    if running.stale_unit:
        lines.append("systemctl daemon-reload")
    if running.enabled in ("disabled", "masked"):
        lines.append(f"systemctl enable -q {unit}")
    if action.verb in ("start", "restart"):
        # A unit that gave up after too many starts has to be told that this is a new try.
        lines.append(f"systemctl reset-failed {unit} 2>/dev/null || true")
        # A failed start is told below, with the service's own words.
        lines.append(f"systemctl restart {unit} || true")
    elif action.verb == "reload" and service.reload:
        said = f"{STATE}/said/{unit}"
        lines.append(
            f"mkdir -p {STATE}/said; {{ {service.reload}\n}} > {said} 2>&1"
            f" || {{ cat {said} >&2; exit 1; }}"
        )
    lines.append(
        f"end=$(($(date +%s) + {service.deadline})); until {attempt(service.probe)}; do"
        f" if [ $(date +%s) -ge $end ] || systemctl is-failed -q {unit}; then"
        f" echo '{service.unit} does not answer (deadline {service.deadline} s); its last words:'"
        f" >&2; journalctl -u {unit} -n 20 --no-pager -o cat >&2; exit 1; fi; sleep 0.1; done"
    )
    lines.append(f"mkdir -p {STATE}/stamps")
    for kind, value in service.digests().items():
        lines.append(f"echo {value} > {STATE}/stamps/{unit}.{kind}")
    return "\n".join(lines)


class SaidFact(FactBase):
    """What a unit's reload command printed: whether it had to restart after all, say."""

    default = list

    def command(self, unit: str) -> str:
        return f"cat {STATE}/said/{shlex.quote(unit)} 2>/dev/null; true"

    def process(self, output: list[str]) -> list[str]:
        return output


@operation()
def converge(services: Sequence[Service]) -> Generator[StringCommand, None, None]:
    """Make each service enabled, active, answering and started with what is on disk.

    One command reads all of them; one command for each that needs something done.
    Fails, with the last lines of its journal, when a service does not answer in time.
    """
    found = host.get_fact(RunningFact, probes={s.unit: s.probe for s in services})
    for service in services:
        running = found.get(service.unit, Running())
        action = decide(service, running)
        if action is None:
            host.noop(f"{service.unit} answers and has its current configuration")
            continue
        host.log(f"  {action.verb} {service.unit}: {action.reason}")
        yield StringCommand(script(service, action, running))
        if action.verb == "reload":
            for line in host.get_fact(SaidFact, unit=service.unit):
                host.log(f"  {service.unit}: {line}")
