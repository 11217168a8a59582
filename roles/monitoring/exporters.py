"""The exporters: programs of the distribution that say numbers of one thing each."""

from __future__ import annotations

from dataclasses import dataclass

from .names import (
    ALERTMANAGER_PORT,
    DATABASE_ROLE,
    PROBES,
    PROMETHEUS_PORT,
    QUERIES,
    REDIS_SECRET,
    REQUESTS,
    STATUS_PORT,
    TEXTFILES,
)

# Only what a panel or an alert reads: each collector costs with every look.
COLLECTORS = (
    "conntrack cpu diskstats filefd filesystem loadavg meminfo netdev netstat pressure sockstat"
    " stat textfile time uname vmstat"
).split()
NO_FILESYSTEMS = "^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fuse.*|"
NO_FILESYSTEMS += "hugetlbfs|mqueue|nsfs|overlay|proc|pstore|ramfs|rpc_pipefs|securityfs|squashfs|"
NO_FILESYSTEMS += "sysfs|tmpfs|tracefs)$"
NO_DEVICES = "^(loop|ram|fd|sr)[0-9]+$"


@dataclass(frozen=True)
class Exporter:
    """One program and its unit.

    + job: what Prometheus calls it
    + package: of the distribution's, and its unit
    + user: its own user of the system
    + arguments: its command line; no secret is on it
    + groups: further groups of its user
    + environment: variables
    + secret: a file with variables that are secret
    + network: which addresses it may speak to
    + everywhere: whether it looks at every mounted file system
    + named: whether clients of what it looks at could name series of it; invented: expression of
      metrics that are nothing but such names
    """

    job: str
    package: str
    port: int
    user: str
    program: str
    arguments: tuple[str, ...]
    groups: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    secret: str = ""
    everywhere: bool = False
    named: bool = False
    invented: str = ""

    @property
    def unit(self) -> str:
        return self.package


def exporters(*, postgres_port: int, redis_port: int) -> tuple[Exporter, ...]:
    """All of them, for a database and a cache at these ports; 0: without one."""
    absent = {"postgres" if not postgres_port else "", "redis" if not redis_port else ""}
    return tuple(each for each in _all(postgres_port, redis_port) if each.job not in absent)


def _all(postgres_port: int, redis_port: int) -> tuple[Exporter, ...]:
    return (
        Exporter(
            "node",
            "prometheus-node-exporter",
            9100,
            "metrics-node",
            "/usr/bin/prometheus-node-exporter",
            (
                "--web.listen-address=127.0.0.1:9100",
                "--collector.disable-defaults",
                *(f"--collector.{name}" for name in COLLECTORS),
                f"--collector.textfile.directory={TEXTFILES}",
            ),
            everywhere=True,
        ),
        Exporter(
            "postgres",
            "prometheus-postgres-exporter",
            9187,
            DATABASE_ROLE,
            "/usr/bin/prometheus-postgres-exporter",
            (
                "--web.listen-address=127.0.0.1:9187",
                "--disable-settings-metrics",
                f"--extend.query-path={QUERIES}",
            ),
            environment=(
                f"DATA_SOURCE_NAME=host=/run/postgresql port={postgres_port} dbname=postgres"
                f" user={DATABASE_ROLE} sslmode=disable",
            ),
            named=True,
        ),
        Exporter(
            "redis",
            "prometheus-redis-exporter",
            9121,
            "metrics-redis",
            "/usr/bin/prometheus-redis-exporter",
            (
                "--web.listen-address=127.0.0.1:9121",
                f"--redis.addr=redis://127.0.0.1:{redis_port}",
                "--redis.user=metrics",
            ),
            secret=REDIS_SECRET,
            named=True,
            # A script makes up errors, and Redis counts each name for ever.
            invented="redis_errors_total",
        ),
        Exporter(
            "nginx",
            "prometheus-nginx-exporter",
            9113,
            "metrics-nginx",
            "/usr/bin/prometheus-nginx-exporter",
            (
                "--web.listen-address=127.0.0.1:9113",
                f"--nginx.scrape-uri=http://127.0.0.1:{STATUS_PORT}/",
            ),
        ),
        Exporter(
            "blackbox",
            "prometheus-blackbox-exporter",
            9115,
            "metrics-blackbox",
            "/usr/bin/prometheus-blackbox-exporter",
            ("--web.listen-address=127.0.0.1:9115", f"--config.file={PROBES}"),
        ),
        Exporter(
            "requests",
            "mtail",
            3903,
            "metrics-requests",
            "/usr/bin/mtail",
            (
                "--address=127.0.0.1",
                "--port=3903",
                f"--progs={REQUESTS}",
                "--logs=/var/log/nginx/access.log",
                "--logtostderr",
            ),
            groups=("adm",),
        ),
    )


EXPORTERS = exporters(postgres_port=5432, redis_port=6379)


def ports() -> tuple[int, ...]:
    """All TCP ports of monitoring on 127.0.0.1."""
    return (PROMETHEUS_PORT, ALERTMANAGER_PORT, STATUS_PORT, *(each.port for each in EXPORTERS))
