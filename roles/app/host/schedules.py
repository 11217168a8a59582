"""Schedules of the live release, and what minds the application: running, and started at boot."""

from __future__ import annotations

from roles.core.host import disk

from . import slots, systemd
from .definition import Definition
from .layout import Layout


def start(layout: Layout, definition: Definition, former: Definition | None, slot: str) -> None:
    """The schedules of the live release in force, and those that only the former one has gone; they
    and what minds the application run, and start at boot."""
    has_changed = _timers(layout, definition, former, slot)
    units = [*definition.timers, *layout.beside(), layout.target]
    shown = systemd.show(units, "ActiveState", "UnitFileState", "NeedDaemonReload")
    files = {unit: values.get("UnitFileState", "") for unit, values in shown.items()}
    systemd.unmask(files)
    off = [unit for unit, state in files.items() if state != "enabled"]
    systemd.enable(off)
    # Also what a run changed that was killed.
    outdated = [u for u, values in shown.items() if values.get("NeedDaemonReload") == "yes"]
    stale = [unit for unit in outdated if unit in definition.timers]
    systemd.attempt("stop", stale)
    # For all units, which takes systemd a tenth of a second in which users wait.
    if has_changed or off or outdated:
        systemd.call("daemon-reload", [])
    at_rest = [unit for unit, values in shown.items() if values.get("ActiveState") != "active"]
    again = [unit for unit in stale if unit not in at_rest]
    # The slot, too: a run may have been killed between its switch and the start of its workers.
    systemd.call("start", [layout.slot_target(slot), *at_rest, *again])


def _timers(layout: Layout, definition: Definition, former: Definition | None, slot: str) -> bool:
    """Files of the live release's schedules are there, and those of the former one alone are gone.
    Whether they were not so before."""
    files = {n: data for n, data in definition.unit_files(slot).items() if slots.is_timer(n)}
    gone = [name for name in (former.timers if former else ()) if name not in files]
    systemd.disable(gone)
    systemd.attempt("stop", gone)
    for name in gone:
        (layout.units / name).unlink(missing_ok=True)
    has_changed = bool(gone)
    for name, data in files.items():
        path = layout.units / name
        if not path.exists() or path.read_bytes() != data:
            disk.write(path, data, 0o644)
            has_changed = True
    return has_changed
