"""The ports of several applications: whose each is, for the firewall."""

from __future__ import annotations

import re

from roles.core.entries import File
from tests.unit.environments.several import plan_of_several, several

KEPT = re.compile(r"--sport (8[0-9:]+) -m owner --socket-exists ! --uid-owner (\w+) -j DROP")


def kept(listen: str, version: str = "") -> list[tuple[str, str]]:
    plan = plan_of_several(several(shop={"web": {"listen": listen}}, blog={"web": OTHERS}))
    (file,) = (e for e in plan.files("firewall") if e.path == f"/etc/ufw/before{version}.rules")
    assert isinstance(file, File)
    return KEPT.findall(file.data.decode())


OTHERS = {"listen": "port", "first_port": 8600}


def test_SEC_08_nobody_answers_at_another_application_s_ports() -> None:
    for version in ("", "6"):
        assert kept("port", version) == [("8000:8399", "shop"), ("8600:8999", "blog")]


def test_SEC_08_who_has_sockets_keeps_no_port_from_others() -> None:
    assert kept("socket") == [("8600:8999", "blog")]


def test_SEC_08_who_keeps_a_port_is_there_before_the_firewall_names_him() -> None:
    plan = plan_of_several(several(shop={"web": {"listen": "port"}}, blog={"web": OTHERS}))
    names = [step.name for step in plan.steps]
    for name in ("shop", "blog"):
        assert names.index(f"App | {name} | account") < names.index("Firewall | rules")
