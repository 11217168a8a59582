"""The application's processes: how many, within which limits, and what becomes of one that dies."""

from __future__ import annotations

import time
from urllib.parse import unquote, urlsplit

import pytest

from tests.host.application import NAME, environ, live, pid, prop, status, units
from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from vagrant.example import TAG

# What the kernel runs for the example's web process, whatever its command line says.
RUNTIME = {"express": "node", "fastapi": "python3"}
SOCKETS = f"ss -xlpH src '/run/{NAME}/{{}}/web-*.sock'"


def cores(box: Host) -> int:
    return int(box.ssh("nproc"))


def test_APP_01_python_has_twice_the_cores_and_one_processes(box: Host) -> None:
    expected = {"fastapi": 2 * cores(box) + 1, "express": cores(box)}[box.example]
    web = units(box, "web")
    assert len(web) == expected
    end = time.monotonic() + 60  # after a boot one answers while another still starts
    while len(listening := box.ssh(SOCKETS.format(live(box))).splitlines()) < expected:
        assert time.monotonic() < end, listening
        time.sleep(0.5)
    for number in (pid(box, unit) for unit in web):
        assert any(f"pid={number}," in line for line in listening)
    assert len(listening) == expected


def test_APP_02_the_runtime_is_the_pinned_one_in_production_mode(box: Host) -> None:
    unit = units(box, "web")[0]
    executable = box.ssh(f"readlink /proc/{pid(box, unit)}/exe")
    assert executable.rsplit("/", 1)[-1].startswith(RUNTIME[box.example])
    if box.example == "express":
        assert box.ssh(f"{executable} --version") == "v24.22.3"
        assert environ(box, unit)["NODE_ENV"] == "production"
        assert environ(box, unit)["NODE_OPTIONS"] == "--max-old-space-size=768"
        assert box.ssh(f"ls /srv/{NAME}/current/node_modules/express/package.json")
    else:
        assert environ(box, unit)["PYTHONUNBUFFERED"] == "1"
        own = box.ssh(f"readlink -f /srv/{NAME}/current")
        assert box.ssh(f"readlink -f /srv/{NAME}/current/.venv") == f"{own}/.venv"


def test_APP_04_limits_are_the_kernels(box: Host) -> None:
    unit = units(box, "web")[0]
    group = prop(box, unit, "ControlGroup")
    # The unified hierarchy, or the older one with a tree for each controller.
    limit = box.ssh(
        f"cat /sys/fs/cgroup{group}/memory.max 2>/dev/null"
        f" || cat /sys/fs/cgroup/memory{group}/memory.limit_in_bytes"
    )
    assert int(limit) == 1024 * 2**20
    quota = box.ssh(
        f"cat /sys/fs/cgroup{group}/cpu.max 2>/dev/null"
        f" || cat /sys/fs/cgroup/cpu{group}/cpu.cfs_quota_us"
    )
    assert quota.split()[0] == "200000"
    files = box.ssh(f"awk '/^Max open files/ {{print $4}}' /proc/{pid(box, unit)}/limits")
    assert int(files) >= 16384
    together = int(prop(box, f"{NAME}.slice", "MemoryMax"))
    assert 2**30 < together < int(box.ssh("awk '/^MemTotal/ {print $2}' /proc/meminfo")) * 1024


def test_APP_06_only_the_service_sees_its_secrets(box: Host) -> None:
    secret = environ(box, units(box, "web")[0])["SECRET_KEY"]
    assert len(secret) >= 32
    places = "/etc /srv /var /opt /usr/local /run /tmp /home"
    for user in ("nobody", "www-data", f"{NAME}-build", NAME):
        # Not as an argument: the journal has every command of sudo.
        found = box.run(f"runuser -u {user} -- grep -rslFf - {places}", stdin=secret, timeout=60)
        assert found.stdout == "", f"{user} can read it"
        peek = box.run(f"runuser -u {user} -- cat /etc/{NAME}/{live(box)}/env")
        assert "Permission denied" in peek.stderr
    lines = box.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '").stdout
    assert f"{NAME}-web" in lines or RUNTIME[box.example] in lines, "nothing was looked at"
    assert secret not in lines
    said = f"{{ systemctl show '{NAME}-web-*'; journalctl --no-pager -o export; }}"
    looked = f'read -r s; {said} > /run/said; grep -c . /run/said; grep -caF -- "$s" /run/said'
    lines, hits = box.run(f"{looked}; rm /run/said", stdin=f"{secret}\n").stdout.split()
    assert (int(lines) > 1000, hits) == (True, "0")
    main = pid(box, units(box, "web")[0])
    assert box.run(f"runuser -u nobody -- cat /proc/{main}/environ").returncode != 0


@once_at_all
@pytest.mark.parametrize("secret", ["changeme-changeme-changeme", "secret", ""])
def test_APP_06_a_default_secret_is_refused_before_the_host_is_asked(
    box: Host, secret: str
) -> None:
    run = box.pyinfra("-y", check=False, values={"READYHOST_APP__SECRET_KEY": secret})
    assert run.returncode != 0
    assert "READYHOST_APP__SECRET_KEY: " in run.stdout
    assert "Connecting" not in run.stdout
    assert "Traceback" not in run.stdout


def wait_for_health(box: Host, status: int) -> None:
    """Wait, at most 20 s, until the application says so; 503 in words, not from Nginx."""
    end = time.monotonic() + 20
    while (answer := box.https("/health")).status_code != status:
        assert time.monotonic() < end, answer.text
        time.sleep(0.5)
    assert "database" in answer.text


@once_at_all
@pytest.mark.timeout(120)
def test_APP_07_health_tells_of_the_database(box: Host) -> None:
    assert box.https("/health").status_code == 200
    box.ssh("systemctl stop postgresql")
    try:
        wait_for_health(box, 503)
        assert all(prop(box, unit, "SubState") == "running" for unit in units(box, "web"))
    finally:
        box.ssh("systemctl start postgresql")
    wait_for_health(box, 200)


def test_APP_08_the_scheduled_job_runs_and_leaves_its_trace(box: Host) -> None:
    assert prop(box, f"{NAME}-cleanup.timer", "ActiveState") == "active"
    service = f"{NAME}-cleanup-{live(box)}.service"
    assert prop(box, f"{NAME}-cleanup.timer", "Unit") == service
    # While the job runs, the timer has no next time.
    end = time.monotonic() + 20
    while not prop(box, f"{NAME}-cleanup.timer", "NextElapseUSecRealtime"):
        assert time.monotonic() < end, "the job has no next time"
        time.sleep(0.5)
    box.ssh(f"systemctl start {service}")
    assert prop(box, service, "Result") == "success"
    log = f"/var/log/{NAME}/cleanup.log"
    box.ssh(f"for i in $(seq 40); do [ -s {log} ] && exit; sleep 0.5; done; false")


def test_APP_08_the_worker_does_what_it_is_given(box: Host) -> None:
    with box.client() as client:
        sni = {"sni_hostname": "shop.example"}
        name = f"test-{time.time()}.txt"
        sent = client.post("/uploads", files={"file": (name, b"hello")}, extensions=sni)
        assert sent.status_code in (200, 201), sent.text
        end = time.monotonic() + 10
        # SHA-256 of the upload, which only the worker computes.
        while "2cf24dba5fb0a30e26e83b2ac5b9e29e" not in client.get("/uploads", extensions=sni).text:
            assert time.monotonic() < end
            time.sleep(0.2)


def test_APP_09_every_service_is_sandboxed(box: Host) -> None:
    for unit in [*units(box, "web"), *units(box, "worker")]:
        rating = box.ssh(f"systemd-analyze security --no-pager {unit} | tail -1")
        exposure = next(float(word) for word in rating.split() if word[0].isdigit())
        assert exposure <= 2.0, rating


def test_APP_09_what_a_process_can_reach(box: Host) -> None:
    unit = units(box, "web")[0]
    inside = f"nsenter -t {pid(box, unit)} -m -- runuser -u {NAME} -- sh -c"
    release = f"/srv/{NAME}/releases/{TAG}"
    box.ssh(f"{inside} 'touch /srv/{NAME}/uploads/.probe && rm /srv/{NAME}/uploads/.probe'")
    for path in (f"{release}/x", "/etc/x", "/usr/local/x", "/var/x", f"/srv/{NAME}/x", "/home/x"):
        assert box.run(f"{inside} 'touch {path}'").returncode != 0, path
    # Not by its user's rights alone: root in there could not either.
    root = f"nsenter -t {pid(box, unit)} -m -- touch"
    assert "Read-only file system" in box.run(f"{root} {release}/x").stderr
    assert "Read-only file system" in box.run(f"{root} /etc/x").stderr
    status = box.ssh(f"cat /proc/{pid(box, unit)}/status")
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert "CapBnd:\t0000000000000000" in status


def test_APP_10_the_release_reaches_error_tracking(box: Host) -> None:
    for process in ("web", "worker"):
        seen = environ(box, units(box, process)[0])
        assert seen["SENTRY_RELEASE"] == seen["RELEASE"] == TAG
        assert seen["SENTRY_ENVIRONMENT"] == seen["ENVIRONMENT"]
        assert "SENTRY_DSN" not in seen


def test_DB_06_release_steps_left_valid_indexes(box: Host) -> None:
    sql = "select count(*) filter (where not indisvalid), count(*) from pg_index i join pg_class c on c.oid = i.indrelid where c.relname = 'items'"  # noqa: E501
    port = "$(cat /var/lib/postgresql/.port 2>/dev/null || echo 5432)"
    counts = box.ssh(f"cd / && runuser -u postgres -- psql -XAtq -p {port} -d {NAME}", stdin=sql)
    invalid, total = counts.split("|")
    assert invalid == "0"
    assert int(total) >= 2


def test_the_host_lists_its_releases(box: Host) -> None:
    listed = box.ssh(f"{NAME}-release list").splitlines()
    assert listed[0].split() == ["tag", "commit", "when", "who", "state", "size"]
    assert listed[1].split()[0] == TAG
    assert "live" in listed[1]
    assert status(box)["due"] == ""


def test_APP_12_values_come_under_the_applications_own_names(box: Host) -> None:
    for process in ("web", "worker"):
        seen = environ(box, units(box, process)[0])
        address = urlsplit(seen["DATABASE_URL"])
        assert seen["Async_Database"] == address._replace(scheme="postgresql+asyncpg").geturl()
        assert (seen["PGHOST"], seen["PGPASSWORD"]) == (
            address.hostname,
            unquote(address.password or ""),
        )
        assert seen["ORIGINS"] == f"https://{DOMAIN}"
        assert "DIRECT_URL" not in seen  # the budget of connections knows nothing of it
    steps = box.ssh(f"sudo cat /etc/{NAME}/next/release-env")
    assert "DIRECT_URL='postgresql://" in steps
