"""What monitoring is on, and what its files say."""

from __future__ import annotations

import re

from roles.core.entries import File, Kept
from roles.core.machine import Machine
from roles.monitoring import Monitoring, is_on, ports
from roles.monitoring.credentials import redis_file, redis_fingerprint
from roles.monitoring.exporters import EXPORTERS, exporters
from roles.monitoring.files import Around, Watched, entries, routes

AROUND = Around((Watched("shop", "shop.example", ("www.shop.example",)),))
ON = Monitoring(mode="local", routes=("/api", "/api/orders"))
MACHINE = Machine.example()


def files() -> dict[str, str]:
    found = entries(ON, MACHINE, AROUND)
    return {e.path: str(e.content) for e in found if isinstance(e, File)}


def test_MON_01_it_is_off_unless_asked_for_and_auto_follows_the_memory() -> None:
    small, large = (Machine.example(memory_mb=mb) for mb in (1024, 1980))
    assert not is_on(Monitoring(), large)
    assert is_on(Monitoring(mode="local"), small)
    assert [is_on(Monitoring(mode="auto"), each) for each in (small, large)] == [False, True]


def test_every_program_listens_on_loopback_alone() -> None:
    said = files()
    for exporter in EXPORTERS:
        unit = said[f"/etc/systemd/system/{exporter.unit}.service.d/readyhost.conf"]
        assert "address=127.0.0.1" in unit
        assert "IPAddressDeny=any" in unit
        assert f"User={exporter.user}\n" in unit
    assert "listen-address=127.0.0.1:9090" in "".join(said.values())
    assert len({each.user for each in EXPORTERS}) == len(EXPORTERS)
    assert len(set(ports())) == len(ports())


def test_no_password_is_on_a_command_line() -> None:
    machine = Machine.example()
    secret = str(redis_file(machine).content).strip().partition("=")[2]  # type: ignore[union-attr]
    assert re.fullmatch(r"[0-9a-f]{64}", secret)
    for exporter in exporters(postgres_port=1, redis_port=2):
        assert secret not in " ".join((*exporter.arguments, *exporter.environment))


def test_the_password_that_a_host_has_stays() -> None:
    new = redis_fingerprint(MACHINE).get_secret_value()
    known = Machine.example(told=(f"monitoring-redis {'c' * 64} {'f' * 64}",))
    assert redis_fingerprint(known).get_secret_value() == "f" * 64 != new
    kept = redis_file(known)
    assert isinstance(kept, Kept)
    assert kept.checksum == "c" * 64


def test_the_longest_route_is_tried_first() -> None:
    assert list(routes(ON)) == ["/api/orders", "/api"]


def test_visitors_cannot_choose_what_is_counted_apart() -> None:
    program = files()["/etc/mtail/readyhost.mtail"]
    assert set(re.findall(r'_seconds\["shop"\]\[\$class \+ "xx"\]\["([^"]+)"\]', program)) == {
        "/api/orders",
        "/api",
        "other",
    }
    assert r"^(shop\.example|www\.shop\.example)$" in program
