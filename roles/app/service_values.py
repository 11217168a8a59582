"""What every service of an application has: its variables, its PATH and its limits."""

from __future__ import annotations

from typing import Any

from roles.core.machine import Machine

from . import egress, runtimes
from .commands import alone
from .exec_lines import assignment
from .host.layout import Layout
from .parts import back_ends
from .process_layout import Running
from .settings import App


def service_values(
    settings: App, machine: Machine, slot: str, running: Running, kind: str
) -> dict[str, Any]:
    """What the template of its unit is told. kind: `python`, `node`, …, of what it runs."""
    allow, deny = egress.rules(running.settings.networks, settings.denied_networks)
    # Gunicorn, Uvicorn and others read it, as do those who write for cluster mode.
    runtime = runtimes.of(kind)
    variables = {
        **running.settings.env,
        "WEB_CONCURRENCY": str(running.tree.working),
        **runtime.process_variables(running.heap_mb),
    }
    return {
        "process": running.name,
        # A shell that waits for its programs hands no signal on: they get it themselves.
        "kill_mode": "mixed" if alone(running.command) else "control-group",
        "programs": search_path(
            Layout(settings.name),
            slot,
            settings,
            runtime.folder(settings, machine),
            place=running.place,
        ),
        "variables": [assignment(name, value) for name, value in variables.items()],
        "memory_mb": running.memory_mb,
        "cpu_quota_percent": running.settings.cpu_quota_percent,
        "stop_timeout_seconds": running.settings.stop_timeout_seconds,
        "tasks_max": settings.tasks_max,
        "open_files": open_files(settings, machine),
        "restart_delay_seconds": settings.restart_delay_seconds,
        "jit": runtime.writes_machine_code if settings.jit is None else settings.jit,
        "address_allow": allow,
        "address_deny": deny,
    }


def open_files(settings: App, machine: Machine) -> int:
    """Open files of one process, no more than the host allows."""
    return min(settings.open_files, machine.open_files)


def search_path(layout: Layout, slot: str, settings: App, runtime: str, *, place: str = "") -> str:
    """PATH of the processes: the release's own programs first, as in builds (host/hooks.py); of one
    of app.http those in its own place before them. runtime: folder of the runtime's programs, empty
    where they are the system's."""
    release = layout.slot(slot)
    folders = [
        *([f"/{place}"] if place else []),
        "",
        *(f"/{settings.builds[name].directory}" for name in back_ends(settings)),
    ]
    own = [f"{release}{each}/{of}" for each in folders for of in (".venv/bin", "node_modules/.bin")]
    return ":".join([*own, *([runtime] if runtime else []), "/usr/local/bin", "/usr/bin", "/bin"])
