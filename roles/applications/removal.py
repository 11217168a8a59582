"""An application that was taken out of the settings: it is stopped, and its data is kept."""

from __future__ import annotations

import shlex
from collections.abc import Collection

from roles.app.host.layout import Layout
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.shell import Commands
from roles.core.step import Part, UntilLive

APP = "app-"
_UNITS = "/etc/systemd/system"


def gone(machine: Machine, names: Collection[str]) -> list[Part]:
    """A part for each application that the host has and the settings, which name `names`, have not:
    its processes and units go, its folders, database and keys stay until somebody removes them."""
    roles = [said[0] for said in machine.tells("manifest") if said]
    had = [role.removeprefix(APP) for role in roles if role.startswith(APP)]
    return [_part(name) for name in had if name not in names]


def _part(name: str) -> Part:
    stopped = Commands(
        f"App | {name} is stopped: the settings do not name it any more",
        unless=f'[ -z "$(ls -d {_files(name)} 2>/dev/null)" ]',
        commands=[stop(name)],
        once=True,
    )
    files = Files(
        f"App | no unit of {name}",
        f"{APP}{name}",
        (),
        leave=frozenset({str(Layout(name).kept)}),
        commands=["systemctl daemon-reload"],
    )
    said = f"{name} is not in the settings: it is stopped, its data is kept until `readyhost ENV"
    return Part("applications", (stopped, UntilLive(files)), warnings=(f"{said} remove {name}`",))


def stop(name: str) -> str:
    """Shell: nothing of an application runs, now or after a boot. Its schedules go first."""
    links = f"{_UNITS}/*.wants/{name}-* {_UNITS}/*.wants/{name}_* {_UNITS}/*.wants/{name}.target"
    return "\n".join(
        [
            f"n={shlex.quote(name)}",
            'systemctl stop "$n-*.timer" "${n}_*.timer" "$n-watchdog.service" || true',
            'systemctl stop "$n-*" "$n.target" "${n}_*" "run-$n-*.mount" "$n.slice" || true',
            f"rm -rf {links} {_files(name)}",
            "systemctl daemon-reload",
        ]
    )


def _files(name: str) -> str:
    """Its units, as a pattern for a shell. No other application's name goes on with a dash."""
    patterns = (f"{name}-*", f"{name}_*", f"{name}.target", f"run-{name}-*.mount")
    return " ".join(f"{_UNITS}/{pattern}" for pattern in patterns)
