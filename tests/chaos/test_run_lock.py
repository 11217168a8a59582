"""One run at a time over a host, and only those of the environment that it belongs to."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from vagrant.driver import PYINFRA, Box
from vagrant.running import changes

ASKS = "--> Detected changes"  # a run that has looked at everything, and waits for its operator


@contextmanager
def under_way(host: Box, **values: str) -> Iterator[subprocess.Popen[str]]:
    """A run that has the host, and waits for its operator to say yes."""
    with subprocess.Popen(
        [str(PYINFRA), "inventories/vagrant.py", "deploy.py"],
        cwd=host.project,
        env=host.environment({"PYTHONPATH": str(host.project), **values}),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as run:
        assert run.stdout
        assert any(ASKS in line for line in run.stdout), "the run did not come to its question"
        yield run
        run.kill()


def holder(host: Box) -> dict[str, str]:
    """Whom the host tells to have it."""
    return dict(json.loads(host.ssh("cat /run/readyhost/run.json")))


@pytest.mark.timeout(300)
def test_REL_09_a_second_run_is_refused_and_told_how_to_stop_the_first(host: Box) -> None:
    with under_way(host) as first:
        process = holder(host)["process"]
        for deploy in ("deploy.py", "rollback.py", "restore.py"):
            run = host.pyinfra(
                "-y", deploy=deploy, check=False, values={"READYHOST_SSH__WAIT_SECONDS": "0"}
            )
            assert run.returncode == 1
            assert f"is busy here with deploy.py v1.0.0 since {holder(host)['since']}" in run.stdout
            assert f"sudo kill {process}. " in run.stdout
            assert "Nothing has been changed" in run.stdout
            assert "Starting operation" not in run.stdout
        host.ssh(f"kill {process}")
        said = first.communicate("\n")[0]
    assert first.returncode != 0, said
    assert "the connection as vagrant was lost" in said
    assert "Run it again" in said
    assert "Traceback" not in said, said
    assert changes(host.converge().stdout) == {}


@pytest.mark.timeout(300)
def test_REL_09_a_second_run_waits_for_the_first_and_says_where_it_is(host: Box) -> None:
    with under_way(host, READYHOST_REDIS__MAXMEMORY_POLICY="allkeys-lfu") as first:
        second = subprocess.Popen(
            [str(PYINFRA), "-y", "inventories/vagrant.py", "deploy.py"],
            cwd=host.project,
            env=host.environment({"READYHOST_SSH__WAIT_SECONDS": "120"}),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert second.stdout
        assert any("waits for your own run deploy.py" in line for line in second.stdout)
        time.sleep(1)
        assert second.poll() is None
        whole = first.communicate("\n")[0]
        assert first.returncode == 0, whole
    said = second.communicate()[0]
    assert second.returncode == 0, said
    assert "it is at the step 'Redis | " in said


@pytest.mark.timeout(300)
def test_REL_09_a_run_ends_its_own_predecessor_that_the_host_takes_for_alive(host: Box) -> None:
    """The network breaks and the run is killed: the host hears of neither."""
    with under_way(host) as run:
        ports = host.ssh(
            f"ss -Htnp state established '( sport = :22 )' | grep pid={holder(host)['process']},"
            " | awk '{print $4}' | sed 's/.*://'"
        )
        # where no run looks: what a hand adds to INPUT is taken away
        rule = f"PREROUTING -p tcp --sport {ports} -j DROP"
        host.ssh(f"iptables -t mangle -I {rule}")
        run.send_signal(signal.SIGKILL)
    try:
        output = host.pyinfra("-y", values={"READYHOST_SSH__WAIT_SECONDS": "0"}).stdout
    finally:
        host.ssh(f"iptables -t mangle -D {rule}")
    assert "ends your own run deploy.py v1.0.0" in output
    assert changes(output) == {}


def test_REL_07_a_second_environment_does_not_take_a_host_over(host: Box) -> None:
    before = host.ssh("sha256sum /etc/nginx/conf.d/* /var/lib/readyhost/owner")
    run = host.pyinfra("-y", check=False, values={"READYHOST_ENVIRONMENT": "staging"})
    assert run.returncode == 1
    assert "belongs to vagrant/app (shop.example) since 2" in run.stdout
    assert "--data base.take_over=vagrant/app" in run.stdout
    assert "Starting operation" not in run.stdout
    other = host.pyinfra("-y", check=False, values={"READYHOST_APP__NAME": "blog"})
    assert "this is a run of vagrant/blog" in other.stdout
    assert host.ssh("sha256sum /etc/nginx/conf.d/* /var/lib/readyhost/owner") == before


@pytest.mark.timeout(300)
def test_REL_07_a_run_that_stops_half_way_says_what_it_has_changed(host: Box) -> None:
    host.ssh("mv /usr/sbin/nginx /root/nginx; ln -s /bin/false /usr/sbin/nginx")
    values = {
        "READYHOST_REDIS__MAXMEMORY_POLICY": "allkeys-lfu",
        "READYHOST_NGINX__HEADERS__HSTS_SECONDS": "3000",
    }
    try:
        run = host.pyinfra("-y", check=False, values=values)
    finally:
        host.ssh("mv -f /root/nginx /usr/sbin/nginx")
    assert run.returncode == 1
    (said,) = [line for line in run.stdout.splitlines() if "stopped in" in line] or [run.stdout]
    stopped = f"[{host.name}] stopped in “Nginx | configuration”, which may be half done"
    assert stopped in said, run.stdout
    assert "changed so far: Redis | configuration" in said
    assert "more steps were not begun" in said
    host.converge()
