"""APP: the application's processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..outcome import Finding, either, false, true, unwanted
from .database import _seconds as seconds
from .judging import pairs, processes, shown
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

ENDLESS = ("infinity", "18446744073709551615")


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about the application."""
    app = settings.app
    slot = f"slot=$(basename $(readlink /srv/{app.name}/live));"

    def show(properties: str, kinds: str = "web") -> str:
        names = " -p ".join(properties.split())
        return (
            f"{slot} for unit in $(systemctl list-units --all --plain --no-legend"
            f' "{app.name}-{kinds}-$slot@*.service" | sed "s/ .*//"); do'
            f' echo "$unit $(systemctl show -p {names} $unit | tr "\\n" " ")"; done'
        )

    env = f"{slot} cat /etc/{app.name}/$slot/*env | cut -d= -f1 | grep -xE '[A-Za-z_][A-Za-z0-9_]*'"
    kind = f"{slot} sed -n 's/^NODE_ENV=/node=/p' /etc/{app.name}/$slot/env; echo end=1"
    ask = (
        f"curl -sk --max-time 10 -o /dev/null -w '%{{http_code}}\\n' --resolve"
        f" {settings.domain}:443:127.0.0.1 'https://{settings.domain}{app.health.path}'"
    )
    return [
        Look(
            "APP-01",
            f"{slot} {processes(app.name)}; echo running=$(systemctl list-units --plain"
            f' --no-legend --state=running "{app.name}-web-$slot@*.service" | wc -l)',
            _all_run,
        ),
        Look("APP-02", kind, _node),
        Look("APP-03", show("Restart NRestarts", "*"), _restarts),
        Look("APP-04", show("MemoryMax OOMPolicy", "*"), _bounded),
        Look("APP-05", show("TimeoutStopUSec"), lambda said: _drained(said, app.drain_seconds)),
        Look(
            "APP-06",
            f"find /etc/{app.name} ! -type l -name '*env' -printf '%m %U %p\\n'",
            _secrets,
        ),
        Look("APP-07", ask, lambda said: _health(said, app.health.status)),
        Look(
            "APP-08",
            f"{slot} echo workers=$(systemctl list-units --plain --no-legend --state=running"
            f' "{app.name}-*-$slot@*.service" | grep -vc "^{app.name}-web-");'
            f' echo timers=$(systemctl list-units --plain --no-legend --state=waiting,running'
            f' "{app.name}-*.timer" | wc -l);'
            " python3 -c 'import json, sys; found = json.load(open(sys.argv[1])); print(\"wanted=\""
            " + str(sum(found[\"processes\"].values()) - found[\"processes\"][\"web\"]));"
            ' print("jobs=" + str(len(found["timers"])))\''
            f" /etc/{app.name}/$slot/release.json",
            _background,
        ),
        Look("APP-09", show("ProtectSystem PrivateTmp NoNewPrivileges User", "*"), _sandboxed),
        Look("APP-10", env, lambda said: _tracked(said, app.sentry_dsn is not None)),
        Look("APP-11", f"{slot} ss -Hlx | grep -oE '/run/{app.name}/[^ ]*'; echo end", _heard),
        Look("APP-12", env, lambda said: _named(said, set(app.names))),
    ]  # fmt: skip


def _all_run(said: list[str]) -> Finding:
    values = {key: int(value) for key, value in pairs(said).items()}
    wanted, running = values["wanted"], values["running"]
    return either(running == wanted > 0, f"{running} of {wanted} web processes run")


def _node(said: list[str]) -> Finding:
    values = pairs(said)
    if values["end"] != "1":
        raise ValueError(said)
    if "node" not in values:
        return unwanted("the application is none of Node.js")
    return either(values["node"].strip("'\"") == "production", f"NODE_ENV {values['node']}")


def _restarts(said: list[str]) -> Finding:
    units = shown(said)
    wrong = sorted(unit for unit, values in units.items() if values["Restart"] != "always")
    restarts = sum(int(values["NRestarts"]) for values in units.values())
    if wrong:
        return false(f"not started again: {', '.join(wrong)}")
    return true(f"{len(units)} processes; restarted {restarts} times since they are live")


def _bounded(said: list[str]) -> Finding:
    units = shown(said)
    wrong = sorted(unit for unit, values in units.items() if values["MemoryMax"] in ENDLESS)
    return either(not wrong, f"{len(units)} have a ceiling", f"no ceiling: {', '.join(wrong)}")


def _drained(said: list[str], wanted: int) -> Finding:
    units = shown(said)
    times = {unit: sum(map(seconds, v["TimeoutStopUSec"].split())) for unit, v in units.items()}
    short = sorted(unit for unit, time in times.items() if time < min(1, wanted))
    least = f"{min(times.values()):g} s to finish beside app.drain_seconds of {wanted} s"
    return either(not short, least, f"cut off at once: {', '.join(short)}")


def _secrets(said: list[str]) -> Finding:
    rows = [line.split(" ", 2) for line in said]
    if not rows:
        return false("no environment is there")
    wrong = [path for mode, owner, path in rows if int(mode, 8) & 0o077 or owner != "0"]
    return either(not wrong, f"{len(rows)} files, root's alone", f"open: {', '.join(wrong)}")


def _health(said: list[str], wanted: int) -> Finding:
    return either(int(said[0]) == wanted, f"health answers {int(said[0])}")


def _background(said: list[str]) -> Finding:
    values = {key: int(value) for key, value in pairs(said).items()}
    if not values["wanted"] and not values["jobs"]:
        return unwanted("no worker and no job")
    good = values["workers"] >= values["wanted"] and values["timers"] >= values["jobs"]
    return either(
        good,
        f"{values['workers']} of {values['wanted']} workers run,"
        f" {values['timers']} of {values['jobs']} jobs wait for their time",
    )


def _sandboxed(said: list[str]) -> Finding:
    wrong = [
        unit
        for unit, v in shown(said).items()
        if v["ProtectSystem"] != "strict" or v["NoNewPrivileges"] != "yes" or v["User"] == "root"
    ]
    return either(not wrong, "each sees its own folders only", f"open: {', '.join(sorted(wrong))}")


def _variables(said: list[str]) -> set[str]:
    if not {"DATABASE_URL", "ENVIRONMENT"} & set(said):
        raise ValueError(said)
    return set(said)


def _tracked(said: list[str], wanted: bool) -> Finding:
    there = "SENTRY_DSN" in _variables(said)
    if not wanted:
        return false("app.sentry_dsn is not set: nobody is told of an error")
    return either(there, "the application has the DSN", "the application has no SENTRY_DSN")


def _heard(said: list[str]) -> Finding:
    if said[-1] != "end":
        raise ValueError(said)
    sockets = said[:-1]
    return either(bool(sockets), f"{len(sockets)} sockets are listened at", "nobody listens")


def _named(said: list[str], names: set[str]) -> Finding:
    missing = names - _variables(said)
    if missing:
        return false(f"not there: {', '.join(sorted(missing))}")
    return true(f"{len(set(said))} values, {len(names)} of them under names of the application's")
