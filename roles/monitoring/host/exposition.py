"""Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    """One number: of a metric, with its labels."""

    name: str
    value: float
    labels: Labels = field(default_factory=dict)


def render(samples: Iterable[Sample]) -> str:
    """The text: samples of one metric together, with its type.

    >>> print(render([Sample("a_total", 2, {"x": 'y"'}), Sample("b", 1.5)]), end="")
    # TYPE a_total counter
    a_total{x="y\\\\""} 2
    # TYPE b gauge
    b 1.5
    """
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample.name, []).append(sample)
    lines = []
    for name, found in by_name.items():
        lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
        lines += [f"{name}{_labels(each.labels)} {each.value:.15g}" for each in found]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
