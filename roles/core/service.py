"""A service as it is wanted: its configuration, and the digests of what was applied last.

What a service was last started or reloaded with is kept on the host as two applied digests,
written only after it answered: `<unit>.restart`, of what takes a restart, and `<unit>.reload`, of
the rest. `fileset.Files` removes them before it touches a file. So a run that dies anywhere leaves
a digest that does not match, and the next run knows what is pending.

Some programs take values while they run that no file has (`CONFIG SET`). Of those a third one,
`<unit>.live`, is the digest of what they said that they run with when they were last right.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from .entries import Entry, digest
from .state import STATE

PROBE_TIMEOUT = 10  # seconds; one try of a probe, which may hang on a service that does
TIMED_OUT = 124  # exit status of timeout(1)
FINGERPRINT = 'printf %s "$text" | sha256sum'


@dataclass(frozen=True)
class Service:
    """A systemd unit and what it takes to trust it.

    + unit: its real name without `.service` (`redis-server`, never an alias)
    + configuration: the entries that it is started with
    + restart_paths: patterns of those that take a restart; the others take a reload
    + reload: the command that makes it read its configuration again, None if it can't
    + probe: a shell command that succeeds exactly when the service answers
    + starts: a shell command that fails, and says why, if it would not start again: then one that
      runs is not restarted. A hand may have changed what no run has rehearsed
    + deadline: seconds that it may take to answer after a start
    + live: a shell command that prints the values that it runs with; what a hand changed in them is
      put right by a reload, and where that does not do it, by a restart
    + unlike: a shell command that prints what of its files it does not run with, and nothing when
      that is right; a reload puts it right, or says why it can't
    + unlike_asks_all: whether `unlike` also fails where the probe would, and so replaces it
    + started_by: the unit that has to be enabled for it to start at boot, if not itself
    """

    unit: str
    configuration: Sequence[Entry] = ()
    restart_paths: Sequence[str] = ()
    reload: str | None = None
    probe: str = "true"
    starts: str = ""
    deadline: int = 30
    live: str = ""
    unlike: str = ""
    unlike_asks_all: bool = False
    started_by: str = ""

    def __post_init__(self) -> None:
        if self.unlike_asks_all and self.live:
            raise ValueError(f"{self.unit}: unlike_asks_all leaves out `live`")

    def needs_restart(self, path: str) -> bool:
        """Whether a change of `path` takes more than a reload."""
        return self.reload is None or any(fnmatch(path, p) for p in self.restart_paths)

    def digests(self) -> dict[str, str]:
        """The digests of this configuration, by kind."""
        restart = [e for e in self.configuration if self.needs_restart(e.path)]
        other = [e for e in self.configuration if not self.needs_restart(e.path)]
        return {"restart": digest(restart), "reload": digest(other)}

    @property
    def same(self) -> str:
        """Shell test: it runs with the values of its files. True where a busy host has not answered
        in time. Empty for a service that tells none."""
        tests = []
        if self.live:
            stamp = f"{STATE}/stamps/{self.unit}.live"
            tests.append(judged(self.live, f"{FINGERPRINT} | cmp -s - {stamp}"))
        if self.unlike:
            tests.append(judged(self.unlike, '[ -z "$text" ]'))
        return " && ".join(tests)

    def applied_digests_touched_by(self, paths: Iterable[str]) -> list[str]:
        """Names of the applied digests that stop being true when `paths` change."""
        mine = {entry.path for entry in self.configuration}
        known = [p for p in paths if p in mine or any(fnmatch(p, q) for q in self.restart_paths)]
        kinds = {"restart" if self.needs_restart(path) else "reload" for path in known}
        return [f"{self.unit}.{kind}" for kind in sorted(kinds)]


def attempt(probe: str) -> str:
    """One bounded, silent try of a probe."""
    return f"timeout {PROBE_TIMEOUT} sh -c {shlex.quote(probe)} </dev/null >/dev/null 2>&1"


def bounded(command: str) -> str:
    """Shell: what a command prints, in PROBE_TIMEOUT seconds at most."""
    return f"timeout {PROBE_TIMEOUT} sh -c {shlex.quote(command)} </dev/null 2>/dev/null"


def judged(command: str, judge: str, otherwise: str = "true") -> str:
    """Shell: what `command` prints is judged as $text, or `otherwise` when it took too long."""
    return (
        f"{{ text=$({bounded(command)} && echo =0 || echo =$?);"
        f" case $text in *={TIMED_OUT}) {otherwise};; *) text=${{text%=*}}; {judge};; esac; }}"
    )
