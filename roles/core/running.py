"""A service as it is on the host: asked, and read."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .service import Service, attempt, bounded
from .state import STATE

KINDS = (".service", ".socket", ".timer")  # a unit without one is a service

ACTIVE = ("active", "reloading")  # as `systemctl is-active` says it
AT_REST = ("inactive", "failed")


@dataclass(frozen=True)
class Running:
    """A unit as it is on the host. restart, reload: its applied digests; as_before: whether it runs
    with the values of its files."""

    active: str = "inactive"
    enabled: str = ""
    stale_unit: bool = False
    answers: bool = False
    restart: str = ""
    reload: str = ""
    as_before: bool = True


def question(services: Sequence[Service]) -> str:
    """Shell that prints the state, the stamps and the answer of each service's unit."""
    others = [service.started_by for service in services if service.started_by]
    files = (*(service.unit for service in services), *others)
    units = " ".join(shlex.quote(_file(unit)) for unit in files)
    show = f"systemctl show -p Id,ActiveState,UnitFileState,NeedDaemonReload {units} 2>/dev/null"
    parts = [f"shown=$({show})", "printf '%s\\n' \"$shown\""]
    for service in services:
        unit, stamp = service.unit, f"{STATE}/stamps/{service.unit}"
        # The shell reads them itself: each program that it starts takes longer than that.
        parts += [
            f"v=; read -r v 2>/dev/null <{stamp}.{kind}; echo 'Stamp={unit} {kind}' $v"
            for kind in ("restart", "reload")
        ]
        if service.unlike_asks_all:
            parts.append(_at_work(service, _both(service)))
            continue
        parts.append(_answer(service))
        if service.same:
            parts.append(f"{{ {service.same}; }} 2>/dev/null || echo 'Changed={unit}'")
    return "; ".join([*parts, "true"])


def _answer(service: Service) -> str:
    """Shell that says whether a service answers. What is said above of its unit is not asked for
    once more."""
    if service.probe == f"systemctl is-active -q {service.unit}":
        return f"echo 'AnswersIfActive={service.unit}'"
    if service.probe == "true":
        return f"echo 'Answers={service.unit}'"
    return _at_work(service, f"{attempt(service.probe)} && echo 'Answers={service.unit}'")


def _at_work(service: Service, asked: str) -> str:
    """Shell that asks a service only if it runs: the firewall drops what is sent to the ports of
    some that do not, and the probe would wait."""
    known = " | ".join(f'*"Id={_file(service.unit)}\nActiveState={state}\n"*' for state in AT_REST)
    return f'case "$shown\n" in {known}) ;; *) {asked} ;; esac'


def _both(service: Service) -> str:
    """Shell that says by one question whether a service answers, and whether it is as before. Where
    that is not answered the probe is asked: a restart is for what does not answer at all."""
    changed = f"echo 'Changed={service.unit}'"
    return (
        f"text=$({bounded(service.unlike)} && echo =0 || echo =1); case $text in"
        f" =0) echo 'Answers={service.unit}' ;;"
        f" *=0) echo 'Answers={service.unit}'; {changed} ;;"
        f" *) {attempt(service.probe)} && echo 'Answers={service.unit}' ;; esac"
    )


def _file(unit: str) -> str:
    return unit if unit.endswith(KINDS) else f"{unit}.service"


def parse(lines: Iterable[str]) -> dict[str, Running]:
    """Read what `question` printed: a Running for each unit."""
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
        elif key == "AnswersIfActive":
            finish()
            unit(value)["answers"] = unit(value).get("active") in ACTIVE
        elif key == "Changed":
            unit(value)["as_before"] = False
        elif not key:
            finish()
        else:
            if key in shown:
                finish()
            shown[key] = value
    return {name: Running(**values) for name, values in units.items()}
