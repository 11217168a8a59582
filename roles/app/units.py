"""The systemd units of an application, for each of its two slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from roles.core.entries import File
from roles.core.machine import Machine
from roles.core.templates import render

from . import runtimes
from .exec_lines import in_place, in_shell
from .host import sandbox
from .host.layout import SLOTS, Layout, other
from .process_layout import ProcessLayout, Running
from .processes import Process, Web
from .service_values import open_files, service_values
from .settings import App
from .sizing import ALONE, PORTS, run_mb

TEMPLATES = "app/etc/app/next/units"
PROXY = "/lib/systemd/systemd-socket-proxyd"
PROXIES = ("socket", "service")
GREEN_PORTS = PORTS  # distance of the second slot's ports from the first one's
SOCKETS_KB, SOCKETS = 64, 1024  # what fits into the folder of a slot's sockets: KiB, and files


def units(settings: App, machine: Machine, process_layout: ProcessLayout) -> list[File]:
    """Every unit, as it will be installed when its slot is started."""
    return [
        file for slot in SLOTS for file in _Slot(settings, machine, process_layout, slot).files()
    ]


class _Slot:
    def __init__(
        self, settings: App, machine: Machine, process_layout: ProcessLayout, slot: str
    ) -> None:
        self.settings, self.machine, self.process_layout, self.slot = (
            settings,
            machine,
            process_layout,
            slot,
        )
        self.layout = Layout(settings.name)

    def files(self) -> list[File]:
        if self.process_layout.kind == "static":
            return [self._target(), self._run()]
        web = self.process_layout.web
        files = [self._web(web), self._sockets(), self._target()]
        if self.process_layout.listen == "port":
            files += [self._proxy(web, kind) for kind in PROXIES]
        for each in self.process_layout.http:
            files.append(self._web(each))
            if each.listen == "port":
                files += [self._proxy(each, kind) for kind in PROXIES]
        files += [self._worker(worker) for worker in self.process_layout.workers]
        for job in self.process_layout.jobs:
            files += [self._job(job), self._timer(job)]
        if self.process_layout.release_steps:
            files.append(self._release())
        return [*files, self._run()]

    def _web(self, web: Running) -> File:
        port = self._listen(web) == "port"
        # A killed process leaves its socket behind, and not every server takes over one that is
        # there. A step of its own (ExecStartPre) would set the whole sandbox up once more.
        before = "rm -f $$SOCKET; "
        if port:
            before = f"export PORT=$$(({self._first_port(web)} + %i)); "
        if web.name != "web":
            # From now on Nginx asks this kind, not app.web, once the slot is live (site.conf).
            before += f": > {self.layout.run(self.slot)}/{self.settings.name}_{web.name}; "
        return self._unit(
            f"{self.settings.name}-{web.name}-{self.slot}@.service",
            "web@.service",
            **self._service(web),
            **({"inside": f"/{web.place}"} if web.place else {}),
            command=in_place(web.command, before),
            port=port,
            sockets=str(self.layout.run(self.slot)),
            writable=[*self._writable, str(self.layout.run(self.slot))],
        )

    def _sockets(self) -> File:
        return self._unit(
            self.layout.sockets_unit(self.slot),
            "sockets.mount",
            folder=str(self.layout.run(self.slot)),
            size_kb=SOCKETS_KB,
            files=SOCKETS,
        )

    def _worker(self, worker: Running) -> File:
        return self._unit(
            f"{self.settings.name}-{worker.name}-{self.slot}@.service",
            "worker@.service",
            **self._service(worker),
            command=in_place(worker.command),
            writable=self._writable,
        )

    def _job(self, job: Running) -> File:
        return self._unit(
            self.layout.job_unit(job.name, self.slot),
            "job.service",
            **self._service(job),
            command=in_place(job.command),
            timeout=job.job.timeout_seconds,
            other=self.layout.job_unit(job.name, other(self.slot)),
            writable=self._writable,
        )

    def _timer(self, job: Running) -> File:
        return self._unit(
            self.layout.timer_unit(job.name),
            "job.timer",
            process=job.name,
            schedule=job.job.schedule,
            spread=job.job.spread_seconds,
        )

    def _alone(self, name: str, limits: Process, memory_mb: int) -> Running:
        """What runs as a web process does and makes no other, under a memory ceiling (MiB)."""
        web = self.process_layout.web
        heap = runtimes.of(self.process_layout.kind).heap_mb(limits, memory_mb)
        return replace(web, name=name, memory_mb=memory_mb, heap_mb=heap, tree=ALONE)

    def _release(self) -> File:
        web = self.process_layout.web
        return self._unit(
            self.layout.release_unit(self.slot),
            "release.service",
            **self._service(self._alone("release", web.settings, web.memory_mb)),
            commands=[in_shell(step) for step in self.process_layout.release_steps],
            timeout=self.settings.release_timeout_seconds,
            writable=self._writable,
        )

    def _run(self) -> File:
        """What an operator's command may do (host/operate): as a web process, in its own limits."""
        limits = self.settings.run
        own = {"cpu_quota_percent": limits.cpu_quota_percent, "timeout": limits.timeout_seconds}
        service = self._service(self._alone("run", _usual(), run_mb(self.settings, self.machine)))
        return self._unit(
            self.layout.run_unit(self.slot),
            "run.service",
            **{**service, **own},
            writable=self._writable,
        )

    def _proxy(self, web: Running, kind: str) -> File:
        port = f"$$(({self._first_port(web)} + %i))"
        return self._unit(
            f"{self.settings.name}-{web.name}-{self.slot}-proxy@.{kind}",
            f"web-proxy@.{kind}",
            process=web.name,
            command=f'/bin/sh -c "exec {PROXY} --connections-max=4096 127.0.0.1:{port}"',
            restart_delay_seconds=self.settings.restart_delay_seconds,
            open_files=open_files(self.settings, self.machine),
            jit=False,
            address_allow="localhost",
            address_deny="any",
            writable=[str(self.layout.run(self.slot))],
        )

    def _target(self) -> File:
        return self._unit(
            self.layout.slot_target(self.slot),
            "slot.target",
            units=running_units(self.layout, self.slot, web_and_workers(self.process_layout)),
        )

    def _listen(self, web: Running) -> str:
        return self.process_layout.listen if web.name == "web" else web.listen

    def _first_port(self, web: Running) -> int:
        """The number before that of a kind's first process: the kinds follow one another."""
        kinds = [self.process_layout.web, *self.process_layout.http]
        before = sum(each.instances for each in kinds[: kinds.index(web)])
        return self.settings.web.first_port + before + (GREEN_PORTS if self.slot == "green" else 0)

    @property
    def _writable(self) -> list[str]:
        return [str(self.layout.uploads)]

    def _service(self, running: Running) -> dict[str, Any]:
        """What every service has: who it runs as, and its limits."""
        kind = running.kind or self.process_layout.kind
        return service_values(self.settings, self.machine, self.slot, running, kind)

    def _unit(self, unit: str, template: str, **context: Any) -> File:
        return render(
            "app",
            f"{self.layout.next}/units/{self.slot}/{unit}",
            template=f"{TEMPLATES}/{template}.j2",
            mode=0o600,
            app=self.settings.name,
            slot=self.slot,
            hidden=" ".join(f"-{path}" for path in sandbox.HIDDEN),
            alone=self.settings.alone,
            **context,
        )


@cache
def _usual() -> Web:
    return Web()


def web_and_workers(process_layout: ProcessLayout) -> dict[str, int]:
    """Instances of each process that runs all the time, the web's first."""
    every = (process_layout.web, *process_layout.http, *process_layout.workers)
    return {each.name: each.instances for each in every}


def running_units(layout: Layout, slot: str, processes: Mapping[str, int]) -> list[str]:
    """The units of a slot that run all the time."""
    return [
        layout.worker_unit(name, slot, instance)
        for name, count in processes.items()
        for instance in range(1, count + 1)
    ]
