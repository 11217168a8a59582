"""What a Prometheus elsewhere may ask of a host: a path for each exporter and each probe. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from .exporters import EXPORTERS
from .files import Around, Watched, of

BLACKBOX = 9115


@dataclass(frozen=True)
class Scraped:
    """path: of the port that is open to it. behind: the only URL on this host that is asked for it.
    job, labels: as Prometheus on the host itself would say."""

    job: str
    path: str
    behind: str
    labels: tuple[tuple[str, str], ...] = ()


def scraped(around: Around) -> tuple[Scraped, ...]:
    """Each exporter, and each application as a visitor has it."""
    asked = [each for each in of(around) if each.job != "blackbox"]
    return (
        *(
            Scraped(each.job, f"/{each.job}", f"http://127.0.0.1:{each.port}/metrics")
            for each in asked
        ),
        *(
            Scraped(f"probe_{app.name}", f"/probe/{app.name}", probe(app), (("app", app.name),))
            for app in around.apps
        ),
    )


def probe(app: Watched) -> str:
    """The URL at which the prober asks for an application."""
    target = f"https://127.0.0.1{app.health if app.serves else '/'}"
    return f"http://127.0.0.1:{BLACKBOX}/probe?module={app.name}&target={quote(target, safe='')}"


def configuration(
    around: Around,
    domain: str,
    port: int,
    addresses: Sequence[str],
    *,
    every_seconds: int,
    service_series: int,
) -> str:
    """What a Prometheus elsewhere has in its scrape_configs for these hosts. The jobs are called as
    on a host that keeps its own numbers: rules and dashboards fit both. service_series: of a
    service whose users could name series, at most; what is one host's is no other's to fill."""
    named = {each.job for each in of(around) if each.named}
    places = ", ".join(
        f'"[{each}]:{port}"' if ":" in each else f'"{each}:{port}"' for each in addresses
    )
    asked = scraped(around)
    own = [each for each in asked if each.job not in named]
    made_up = [each for each in asked if each.job in named]
    lines = [
        "scrape_configs:",
        *_job(domain, domain, every_seconds),
        *_targets(own, places),
        *_DROPPED,
    ]
    if made_up:
        lines += [
            "  # Whoever uses these may have names of his own counted: they fill no memory here.",
            *_job(f"{domain}-services", domain, every_seconds),
            f"    sample_limit: {service_series}",
            *_targets(made_up, places),
            *_DROPPED,
        ]
    return "\n".join([*lines, ""])


_DROPPED = (
    "    metric_relabel_configs:",
    "      # What the programs say of themselves is in systemd's figures of their units.",
    "      - source_labels: [job, __name__]",
    '        regex: "(postgres|redis|nginx|requests);(go|promhttp|process)_.*"',
    "        action: drop",
    "      # Names that scripts of an application make up.",
    "      - source_labels: [__name__]",
    f'        regex: "{"|".join(each.invented for each in EXPORTERS if each.invented)}"',
    "        action: drop",
)


def _job(name: str, domain: str, every_seconds: int) -> list[str]:
    return [
        f"  - job_name: {name}",
        "    scheme: https",
        f"    scrape_interval: {every_seconds}s",
        "    # The certificate that your authority signed (monitoring.scraped_ca_file).",
        "    # ca_file: the host's own one, if it made that itself; else leave it out.",
        "    tls_config:",
        f"      server_name: {domain}",
        "      cert_file: /etc/prometheus/readyhost.pem",
        "      key_file: /etc/prometheus/readyhost.key",
        "      ca_file: /etc/prometheus/readyhost-host.pem",
    ]


def _targets(asked: Sequence[Scraped], places: str) -> Iterator[str]:
    yield "    static_configs:"
    for each in asked:
        labels = {"__metrics_path__": each.path, "job": each.job, **dict(each.labels)}
        yield f"      - targets: [{places}]"
        said = ", ".join(f"{name}: {value}" for name, value in labels.items())
        yield f"        labels: {{{said}}}"
