"""Where everything of an application is on its host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SLOTS = ("blue", "green")


def other(slot: str | None) -> str:
    """The slot beside `slot`: the one that is free."""
    return "green" if slot == "blue" else "blue"


@dataclass(frozen=True)
class Layout:
    """Paths and names of the application `name`. `root` is another one than / in tests only."""

    name: str
    root: str = "/"

    def _path(self, *parts: str) -> Path:
        return Path(self.root, *parts)

    @property
    def build_user(self) -> str:
        return f"{self.name}-build"

    @property
    def home(self) -> Path:
        return self._path("srv", self.name)

    @property
    def releases(self) -> Path:
        return self.home / "releases"

    def release(self, tag: str) -> Path:
        return self.releases / tag

    @property
    def installed(self) -> Path:
        """Sealed copies of installed dependencies, one folder for each set; root's alone."""
        return self.home / "installed"

    @property
    def build_home(self) -> Path:
        """The build user's home; what is in it is gone when a build is over."""
        return self.home / "build"

    @property
    def build_now(self) -> Path:
        """What the build that is going on sees as `build_home`."""
        return self.build_home / "now"

    @property
    def archives(self) -> Path:
        return self.home / "archives"

    @property
    def logs(self) -> Path:
        """Build logs."""
        return self.home / "log"

    @property
    def failure(self) -> Path:
        """What was said of the last release that failed, whole; root's alone."""
        return self.logs / "last-failure.json"

    @property
    def ahead(self) -> Path:
        """What a build that nobody waited for had to say; root's alone."""
        return self.logs / "ahead.json"

    @property
    def uploads(self) -> Path:
        return self.home / "uploads"

    @property
    def current(self) -> Path:
        """Link to the live release's folder, for static files and for people."""
        return self.home / "current"

    @property
    def served(self) -> Path:
        """Folder of what Nginx serves by itself."""
        return self.home / "served"

    @property
    def assets(self) -> Path:
        """Link to a folder of links to static folders: the live release's and the kept ones'."""
        return self.links("static")

    def links(self, key: str) -> Path:
        """The same of what Nginx serves by the name `key`."""
        return self.served / key

    @property
    def live(self) -> Path:
        """Link to the live slot's sockets: what Nginx follows, and which slot is live."""
        return self.home / "live"

    @property
    def responses(self) -> Path:
        """Link to a name of its own for each switch, by which Nginx keeps responses."""
        return self.home / "responses" / "live"

    def slot(self, slot: str) -> Path:
        """Link to the release that a slot's processes run."""
        return self.home / slot

    def run(self, slot: str) -> Path:
        """Folder of a slot's sockets."""
        return self._path("run", self.name, slot)

    def socket(self, slot: str, instance: int, name: str = "web") -> Path:
        return self.run(slot) / f"{name}-{instance}.sock"

    @property
    def etc(self) -> Path:
        return self._path("etc", self.name)

    @property
    def kept(self) -> Path:
        """What is known of one of several applications when it is in no settings any more."""
        return self.etc / "kept.json"

    @property
    def next(self) -> Path:
        """The definition that the last run of the toolkit wrote."""
        return self.etc / "next"

    @property
    def taken(self) -> Path:
        """That definition as the release that is going on has taken it."""
        return self.etc / "taken"

    def facts(self, tag: str) -> Path:
        """What has been done for a release: built, its release steps run."""
        return self.etc / "releases" / tag

    def definition(self, tag: str) -> Path:
        """The definition with which a release was last made live."""
        return self.facts(tag) / "definition"

    def started(self, slot: str) -> Path:
        """The definition that a slot was started with."""
        return self.etc / slot

    @property
    def pending(self) -> Path:
        """The switch that is not finished: what came in place of what."""
        return self.etc / "pending.json"

    @property
    def former_pending(self) -> Path:
        """The same, as versions before 0.2 wrote it."""
        return self.etc / "trial.json"

    @property
    def lost(self) -> Path:
        """What live releases have lost to memory."""
        return self.etc / "lost.json"

    @property
    def units(self) -> Path:
        return self._path("etc", "systemd", "system")

    @property
    def record(self) -> Path:
        return self.home / "releases.jsonl"

    @property
    def commands(self) -> Path:
        """Record of the commands that operators ran in the application's place; root's alone."""
        return self.home / "commands.jsonl"

    @property
    def lock(self) -> Path:
        """In a folder of root's alone: who can open a lock can hold it."""
        return self._path("run", "readyhost", f"{self.name}-release.lock")

    @property
    def warm(self) -> Path:
        """What is known of the former release while it is frozen; a boot ends both."""
        return self._path("run", "readyhost", f"{self.name}-warm.json")

    @property
    def abort(self) -> Path:
        """Who wants a release that is being watched to be rolled back; for root alone to say."""
        return self.etc / "abort"

    @property
    def former_abort(self) -> Path:
        """The same, as versions before 0.2 read it."""
        return self.etc / "back"

    def sockets_unit(self, slot: str) -> str:
        """What mounts a slot's folder of sockets: named by its path, as systemd wants it."""
        parts = ("run", self.name.replace("-", r"\x2d"), slot)
        return f"{'-'.join(parts)}.mount"

    def worker_unit(self, worker: str, slot: str, instance: int) -> str:
        return f"{self.name}-{worker}-{slot}@{instance}.service"

    def release_unit(self, slot: str) -> str:
        return f"{self.name}-release-{slot}.service"

    def run_unit(self, slot: str) -> str:
        """What operators' commands may do."""
        return f"{self.name}-run-{slot}.service"

    def job_unit(self, job: str, slot: str) -> str:
        return f"{self.name}-{job}-{slot}.service"

    def timer_unit(self, job: str) -> str:
        return f"{self.name}-{job}.timer"

    @property
    def slice(self) -> str:
        """What all processes of the application share."""
        return f"{self.name}.slice"

    def slot_slice(self, slot: str) -> str:
        """What all processes of a slot share, inside of the application's own slice."""
        return f"{self.name}-{slot}.slice"

    def slot_target(self, slot: str) -> str:
        return f"{self.name}-{slot}.target"

    @property
    def target(self) -> str:
        return f"{self.name}.target"

    def beside(self) -> list[str]:
        """Units that mind the application, of whatever release: those that there are."""
        names = (f"{self.name}_verify.timer", f"{self.name}-watchdog.service")
        return [name for name in names if (self.units / name).exists()]
