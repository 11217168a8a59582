"""Questions and judges that several looks share."""

from __future__ import annotations

from collections.abc import Callable

from ..outcome import Finding, false, true

Judge = Callable[[list[str]], Finding]


def nothing(good: str) -> Judge:
    """True if the answer is empty; else it names what is wrong."""

    def judge(said: list[str]) -> Finding:
        return false("; ".join(said)) if said else true(good)

    return judge


def processes(app: str) -> str:
    """Shell: `wanted=` how many web processes the live release is to have."""
    script = 'import json, sys; print(json.load(open(sys.argv[1]))["processes"].get("web", 0))'
    release = f"/etc/{app}/$(basename $(readlink /srv/{app}/live))/release.json"
    return f"echo wanted=$(python3 -Ic '{script}' {release})"


def pairs(said: list[str]) -> dict[str, str]:
    """Lines `key=value`. Raises ValueError for others."""
    return dict(_pair(line) for line in said)


def _pair(line: str) -> tuple[str, str]:
    key, mark, value = line.partition("=")
    if not mark:
        raise ValueError(line)
    return key, value


def shown(said: list[str]) -> dict[str, dict[str, str]]:
    """Lines `unit Key=value Key=value`, by unit, where a value may have blanks. Raises ValueError
    for others, and for none."""
    found: dict[str, dict[str, str]] = {}
    for line in said:
        unit, *words = line.split()
        values: dict[str, str] = {}
        key = ""
        for word in words:
            name, mark, value = word.partition("=")
            if mark and name.isalnum():
                key, values[name] = name, value
            else:
                values[key] += f" {word}"  # KeyError for what is no such line
        if not values or "." not in unit:
            raise ValueError(line)
        found[unit] = values
    if not found:
        raise ValueError("no unit")
    return found
