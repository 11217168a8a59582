"""The two slots: which one is live, and putting a release into the other."""

from __future__ import annotations

from pathlib import Path

from roles.core.host import disk

from . import built, cpu_weight, frozen, systemd
from .definition import Definition, load
from .errors import ReleaseError
from .layout import SLOTS, Layout


def live(layout: Layout) -> str | None:
    """The slot that Nginx follows; None before the first release."""
    if not layout.live.is_symlink():
        return None
    slot = layout.live.readlink().name
    return slot if slot in SLOTS else None


def started(layout: Layout, slot: str | None) -> Definition | None:
    """What a slot was last started with."""
    return load_or_none(layout.started(slot)) if slot else None


def load_or_none(folder: Path) -> Definition | None:
    """The definition in `folder`; None when there is none."""
    try:
        return load(folder)
    except ReleaseError:
        return None


def is_timer(unit_file: str) -> bool:
    """Timers belong to the application, not to a slot: the live release's are installed."""
    return unit_file.endswith(".timer")


def install(layout: Layout, definition: Definition, slot: str) -> None:
    """Make `slot` that of `definition`: its files, units and link. Nothing may run in it."""
    before = started(layout, slot)
    # With whatever the last one left in it: the folder may be full.
    systemd.attempt("stop", [layout.sockets_unit(slot)])
    disk.copy_tree(definition.folder, layout.started(slot))
    files = _units(definition, slot)
    gone = [name for name in (_units(before, slot) if before else ()) if name not in files]
    for name in gone:
        (layout.units / name).unlink(missing_ok=True)
    changed = [name for name, data in files.items() if not _same(layout.units / name, data)]
    for name in changed:
        disk.write(layout.units / name, files[name], 0o644)
    for override in overrides(layout, slot):
        override.unlink()
        changed.append(override.name)
    changed += forget(layout)
    disk.link(layout.slot(slot), built.folder(layout, definition))
    run = [*definition.web(layout, slot), *definition.workers(layout, slot)]
    run += [name for name in files if "@." not in name]  # nothing is known of a template alone
    # Most releases change none, and to read all units takes systemd a tenth of a second or more.
    if gone or changed or systemd.outdated(run):
        systemd.call("daemon-reload", [])


def _units(definition: Definition, slot: str) -> dict[str, bytes]:
    """Unit files that a slot keeps for itself."""
    files = definition.unit_files(slot)
    return {name: data for name, data in files.items() if not is_timer(name)}


def drifted(layout: Layout, slot: str) -> list[str]:
    """Files of a slot that are no longer what it was started with."""
    definition = started(layout, slot)
    if definition is None:
        return [str(layout.started(slot))]
    changed = [
        str(layout.units / name)
        for name, data in definition.unit_files(slot).items()
        if not _same(layout.units / name, data)
    ]
    if not layout.slot(slot).exists():
        changed.append(str(layout.slot(slot)))
    return changed


def overrides(layout: Layout, slot: str) -> list[Path]:
    """Files by which somebody overrides a unit of the slot's processes (`systemctl edit`)."""
    places = ("etc/systemd/system", "run/systemd/system")
    return sorted(
        path
        for place in places
        for kind in (place, f"{place}.control")
        for path in Path(layout.root, kind).glob(f"{layout.name}-*-{slot}*@*.d/*.conf")
    )


def forget(layout: Layout) -> list[str]:
    """Remove what versions before 0.2 left, and say its names: links by which a slot started at
    boot (NAME_live.service asks `live` now), and weights of slots."""
    control = Path(layout.root, "run/systemd/system.control")
    found = []
    for slot in SLOTS:
        link = layout.units / f"{layout.target}.wants" / layout.slot_target(slot)
        for path in (link, control / f"{layout.slot_slice(slot)}.d" / "50-CPUWeight.conf"):
            if path.is_symlink() or path.exists():
                path.unlink()
                found.append(path.name)
    return found


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def folder(layout: Layout, slot: str) -> Path:
    """The folder of the release that a slot runs."""
    return layout.releases / layout.slot(slot).readlink().name


def folders(layout: Layout) -> set[str]:
    """Names of the folders that the slots run."""
    links = (layout.slot(slot) for slot in SLOTS)
    return {link.readlink().name for link in links if link.is_symlink()}


def running(layout: Layout, slot: str) -> list[str]:
    """Units of a slot that run all the time and that do run, however many they should be."""
    return systemd.listed(*_patterns(layout, slot))


def _patterns(layout: Layout, slot: str) -> tuple[str, ...]:
    return (f"{layout.name}-*-{slot}@*", f"{layout.name}-*-{slot}-proxy@*")


def stop(layout: Layout, slot: str, *, block: bool = True) -> None:
    """Stop everything of a slot: running requests get their time, then they are ended. block:
    whether to wait for that."""
    states = systemd.states(layout.slot_target(slot), *_patterns(layout, slot))
    runs = [unit for unit, state in states.items() if state not in systemd.AT_REST]
    quick = () if block else ("--no-block",)
    if runs:
        if layout.warm.exists():
            frozen.end_forks(frozen.groups(runs))
        with cpu_weight.ending(layout, slot):
            systemd.attempt("stop", [*quick, *runs])
    else:
        cpu_weight.equal(layout, slot)  # release steps may have failed there
    layout.warm.unlink(missing_ok=True)  # what is frozen has ended as any other
    if runs or "failed" in states.values():
        systemd.attempt("reset-failed", [f"{layout.name}-*-{slot}@*"])
