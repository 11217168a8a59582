"""What is asked of a host is asked of that one, whichever host pyinfra is preparing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from pyinfra.api import FactBase
from pyinfra.api.host import Host

from roles.core.aside import aside
from roles.core.execute import ask


def test_HOST_01_each_host_is_asked_for_itself() -> None:
    def fact(kind: type[FactBase[Any]], **arguments: str) -> list[str]:
        return [cast("Any", kind()).command(**arguments)]

    hosts = [cast("Host", SimpleNamespace(name=name, get_fact=fact)) for name in ("a", "b")]
    assert [ask(host, f"echo {host.name}", "the name") for host in hosts] == [
        [aside("echo a")],
        [aside("echo b")],
    ]
