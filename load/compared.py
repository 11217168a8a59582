"""What is otherwise than in the last test of the same scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOISE = 0.15
"""Two tests of the same host differ by so much (docs/load.md)."""


def compared(now: Mapping[str, Any], last: Mapping[str, Any] | None) -> list[str]:
    """A line for each stage in which p95 or the rate differ by more than noise."""
    if last is None:
        return []
    lines = []
    if now.get("release") != last.get("release"):
        lines.append(f"release {last.get('release')} then, {now.get('release')} now")
    for new, old in zip(now["stages"], last["stages"], strict=False):
        changes = []
        for name, of in (
            ("p95", lambda s: s["closed"]["p95"]),
            ("answers a second", lambda s: s["rate"]),
        ):
            before, after = of(old), of(new)
            if before and after and abs(after / before - 1) > NOISE:
                changes.append(f"{name} {before:.0f} -> {after:.0f} ({after / before - 1:+.0%})")
        if changes:
            lines.append(f"{new['users']} users: {', '.join(changes)}")
    was, is_ = (of.get("capacity") or {} for of in (last, now))
    if was.get("users") != is_.get("users"):
        lines.append(f"capacity {was.get('users')} -> {is_.get('users')} users")
    return lines or ["as in the last test, within noise"]
