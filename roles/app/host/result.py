"""What a release says of its end, apart from what it says on its way: the toolkit shows these lines
to the operator at the very end of a run (roles/core/told.py)."""

from __future__ import annotations

from .pending_switch import PendingSwitch

MARK = "=> "


def result(text: str) -> str:
    """A line of the end; what an application said in it makes no further ones."""
    return MARK + " ".join(text.split())


def live(pending: PendingSwitch, seconds: float) -> str:
    """What is live, what was, and how long it took: to be proven, and to switch (seconds)."""
    entry = pending.entry
    before = entry.get("from")
    former = f", {before} was before" if before not in (None, entry["tag"]) else ""
    took = f"{entry['seconds']} s; the switch took {seconds:.1f} s"
    return result(f"{entry['tag']} is live after {took}{former}")


def runtime(before: str, now: str) -> str:
    """That a release runs on something else than the one before it, which nobody may have asked
    for: a newer readyhost has newer defaults. Empty where it is the same or not known."""
    if not before or before == now:
        return ""
    keep = before.removeprefix("node ")
    keeps = f'; app.node.version = "{keep}" goes back' if keep != before and "node" in now else ""
    return result(f"it runs on {now} now, the release before ran on {before}{keeps}")


def removed(tags: list[str]) -> str:
    """Which releases are no longer there."""
    return result(f"removed what is not gone back to: {', '.join(tags)}")
