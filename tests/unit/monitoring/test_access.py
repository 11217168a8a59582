"""Who answers, and who asks, at the ports of monitoring."""

from __future__ import annotations

from roles.core.entries import File
from roles.core.machine import Machine
from roles.firewall import Asked, Firewall
from roles.firewall.files import entries
from roles.monitoring import Around, Watched, accounts, answers, asks
from roles.monitoring.exporters import ports
from roles.monitoring.names import ALERTMANAGER_PORT, STATUS_PORT

AROUND = Around((Watched("shop", "shop.example"),), alerts=True)


def before(*, remote: bool = False) -> str:
    kept = answers(AROUND, remote=remote)
    found = entries(Firewall(), Machine.example(), kept, Asked(tuple(kept), asks(remote=remote)))
    files = {each.path: str(each.content) for each in found if isinstance(each, File)}
    return files["/etc/ufw/before.rules"]


def test_SEC_08_each_port_has_one_who_answers() -> None:
    assert set(answers(AROUND)) == {str(port) for port in ports() if port != STATUS_PORT}
    assert str(ALERTMANAGER_PORT) not in answers(Around(AROUND.apps))
    assert "9121" not in answers(Around(AROUND.apps, redis_port=0))
    assert len(set(answers(AROUND).values())) == len(answers(AROUND))


def test_SEC_08_the_firewall_knows_the_users_that_it_names() -> None:
    (step,) = accounts(AROUND).steps
    for user in answers(AROUND).values():
        if user.startswith("metrics-"):
            assert f"getent passwd {user}" in step.question()


def test_SEC_08_who_asks_is_root_prometheus_or_somebody() -> None:
    rules = before().splitlines()
    (jump,) = [line for line in rules if "ufw-asked" in line and "--dports" in line]
    assert all(port in jump for port in answers(AROUND))
    chain = [line for line in rules if line.startswith("-A ufw-asked ")]
    assert [line.split()[-3] for line in chain[:-1]] == list(asks())
    assert "REJECT" in chain[-1]
    # Before all of loopback is let out.
    assert rules.index(jump) < rules.index("-A ufw-before-output -o lo -j ACCEPT")


def test_SEC_08_for_a_prometheus_elsewhere_nginx_asks_and_nobody_has_its_port() -> None:
    rules = before(remote=True)
    assert "prometheus" not in rules  # a user who may not be there: nothing would load
    assert "-A ufw-asked -m owner --uid-owner www-data -j RETURN" in rules
    assert "www-data" not in before()
