"""The former release, frozen for a while after a switch: a rollback thaws it and moves one link.

Only web processes that nobody is connected to stay. SIGSTOP freezes them (frozen.py): systemd sends
SIGCONT after its SIGTERM, so a frozen process without forks ends as any other, and `systemctl
freeze` works with control groups of the second version only. The note of it lies in /run, as the
processes it speaks of: neither outlives a boot.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from roles.core.host import disk
from roles.core.host import lock as core_lock

from . import frozen, health, lock, memory, result, slots, systemd
from .definition import Definition
from .layout import Layout, other

GRACE = 15.0  # seconds after its time in which it is not odd that it still runs: its timer is due
PATIENCE = 10.0  # seconds in which it answers once it is thawed; else it is started anew
TIGHT = 0.1  # of the application's memory: with less than this free it goes before its time
BEHIND = ("pgbouncer.service", "redis-server.service")
"""What it is connected to: started anew since, it would find that out by its users' requests."""

USED = ("memory.current", "memory.usage_in_bytes")
MOST = ("memory.max", "memory.limit_in_bytes")
UNBOUNDED = 1 << 60

Say = Callable[[str], None]


@dataclass(frozen=True)
class Warm:
    """slot, identity: of what is frozen; since, until: seconds since the boot."""

    slot: str
    identity: str
    since: float
    until: float


def read(layout: Layout) -> Warm | None:
    """The note of what is frozen, out of date where a program was killed; None: nothing is."""
    values = disk.read_json(layout.warm)
    return Warm(**values) if values else None


def keep(layout: Layout, former: Definition, slot: str, seconds: int, say: Say) -> bool:
    """Freeze the idle web processes of `slot` for so many seconds. Whether they are frozen: else
    they are to be stopped."""
    units = former.web(layout, slot)
    if not units or systemd.inactive(units):
        return False
    if said := _too_dear(units, layout):
        say(result.result(f"{former.tag} does not stay warm for a rollback: {said}"))
        return False
    now = time.monotonic()
    if said := _timer(layout, seconds):
        say(result.result(f"{former.tag} does not stay warm for a rollback: {said}"))
        return False
    disk.write_json(layout.warm, asdict(Warm(slot, former.identity, now, now + seconds)))
    frozen.freeze(units)
    say(f"{former.tag} stays warm for {seconds} s (app.warm_seconds)")
    return True


def holds(layout: Layout, slot: str) -> bool:
    """Whether `slot` runs what the note says: web processes alone, all frozen, in their time."""
    warm, definition = read(layout), slots.started(layout, slot)
    if warm is None or definition is None or warm.slot != slot:
        return False
    workers = set(definition.workers(layout, slot)) & set(slots.running(layout, slot))
    late = time.monotonic() > warm.until + GRACE
    return not late and not workers and _frozen(definition.web(layout, slot)) is not None


def thaw(layout: Layout, definition: Definition, slot: str) -> bool:
    """Let go on what is frozen in `slot`, if it is `definition`, and nothing has changed since.
    Whether each process answers: else some may run, and the slot is to be stopped."""
    warm, started = read(layout), slots.started(layout, slot)
    if warm is None or started is None or time.monotonic() > warm.until:
        return False
    if warm.slot != slot or {warm.identity, started.identity} != {definition.identity}:
        return False
    # Its schedules are not installed while it is not live.
    changed = [path for path in slots.drifted(layout, slot) if not slots.is_timer(path)]
    if changed or slots.overrides(layout, slot):
        return False
    units = started.web(layout, slot)
    found = _frozen(units, warm.since)
    if found is None:
        return False
    thaw = frozen.Thaw(found)
    asked = {**started.health, "successes": 1, "deadline": PATIENCE}
    sockets = dict(zip(units, started.sockets(layout, slot), strict=True))
    each = started.each(layout, slot, successes=1, deadline=int(PATIENCE))

    def ask() -> bool:
        return not health.wait(sockets, asked, each=each)

    if not ask() or not thaw.end(ask):
        return False
    layout.warm.unlink(missing_ok=True)
    return True


def cool(layout: Layout) -> None:
    """Stop the warm release, as its time is over. Waits for a release that is on its way, and not
    until all processes have ended."""
    note = {"who": "readyhost", "what": lock.BRIEF}
    with core_lock.held(layout.lock, lambda *_: True, note):
        warm = read(layout)
        if warm and warm.slot == other(slots.live(layout)):
            slots.stop(layout, warm.slot, block=False)


def relieve(layout: Layout) -> bool:
    """Have it stopped where the application's memory runs low: users' processes come first. By what
    its timer starts: the watchdog's own sandbox may not take the lock."""
    if read(layout) is None or _free(layout) >= TIGHT:
        return False
    systemd.attempt("start", ["--no-block", f"{_unit(layout)}.service"])
    return True


def _frozen(units: list[str], since: float = float("inf")) -> list[frozen.Group] | None:
    """Their processes, where all of them are frozen and nothing of what is behind them has started
    `since`."""
    shown = systemd.show([*units, *BEHIND], *frozen.SHOWN, "ActiveEnterTimestampMonotonic")
    found = [frozen.group(shown[unit]) for unit in units]
    if not all(map(frozen.is_frozen, found)):
        return None
    entered = [int(shown[u].get("ActiveEnterTimestampMonotonic") or 0) for u in BEHIND]
    return found if max(entered) < since * 1e6 else None


def _unit(layout: Layout) -> str:
    """What stops it, without the ending: started by its timer."""
    return f"{layout.name}_warm"


def _timer(layout: Layout, seconds: int) -> str:
    """Have it stopped when its time is over, whoever is killed until then. Why there is nobody who
    does; empty as a rule."""
    name = _unit(layout)
    # The time of the one before may be over: what would stop it waits for this release's lock, and
    # would then stop this one.
    systemd.attempt("stop", [f"{name}.timer", f"{name}.service"])
    program = f"/usr/local/sbin/{layout.name}-release"
    command = ["systemd-run", "--quiet", "--collect", f"--unit={name}", f"--on-active={seconds}"]
    command += ["--timer-property=AccuracySec=1s", "--setenv=LANG=C.UTF-8", program, "cool"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    ended = f"systemd-run ended with {done.returncode}"
    return (done.stderr.strip() or ended) if done.returncode else ""


def _too_dear(units: list[str], layout: Layout) -> str:
    """Why the host can't afford it; empty when it can."""
    shown = systemd.show(units, *frozen.SHOWN).values()
    if not all(map(frozen.can_freeze, map(frozen.group, shown))):
        return "its processes have forks, which may be taken for hanging after a freeze"
    groups = [values.get("ControlGroup", "") for values in shown]
    takes = sum(_bytes(group, USED) for group in groups)
    ceiling, used = _use(layout)
    free = min(ceiling - used, _available())
    if takes > free:
        mib = 1 << 20
        return (
            f"it takes {takes // mib} MiB, and no more than {max(free, 0) // mib} MiB would be"
            " free beside it for what is live (app.memory_share_percent)"
        )
    return ""


def _use(layout: Layout) -> tuple[int, int]:
    """Ceiling of the application's memory, and what it uses of that, bytes."""
    group = systemd.show([layout.slice], "ControlGroup")[layout.slice].get("ControlGroup", "")
    stat = dict(line.split() for line in memory.of(group, "memory", "memory.stat").splitlines())
    # What the kernel gives back when it is asked for; below a group of the first version by total_.
    cache = int(stat.get("total_inactive_file", stat.get("inactive_file", 0)))
    return _bytes(group, MOST), _bytes(group, USED) - cache


def _free(layout: Layout) -> float:
    ceiling, used = _use(layout)
    return 1 - used / ceiling if ceiling else 1.0


def _available() -> int:
    rows = dict(line.split(":") for line in memory.text(Path("/proc/meminfo")).splitlines())
    return int(rows.get("MemAvailable", "0 kB").split()[0]) << 10


def _bytes(group: str, names: tuple[str, str]) -> int:
    text = next(filter(None, (memory.of(group, "memory", name).strip() for name in names)), "0")
    return UNBOUNDED if text == "max" else int(text)
