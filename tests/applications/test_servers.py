"""Common servers, started as their manuals say: sandboxed, behind HTTPS, through a switch."""

from __future__ import annotations

import json
import time

import pytest

from tests.host.application import NAME, environ, traffic, units
from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop

COMMAND = "READYHOST_APP__WEB__COMMAND"
# What answers, behind HTTPS, whichever framework.
SERVERS = {
    "gunicorn, sync": ("gunicorn wsgi:app --bind unix:$SOCKET", "wsgi https"),
    "gunicorn, gthread": ("gunicorn wsgi:app -k gthread --bind unix:$SOCKET", "wsgi https"),
    "gunicorn, on a port": ("gunicorn wsgi:app", "wsgi https"),
    "gunicorn, uvicorn": (
        "gunicorn asgi:app -k uvicorn.workers.UvicornWorker --bind unix:$SOCKET",
        "asgi https",
    ),
    "uvicorn": ("cd . && uvicorn asgi:app --uds $SOCKET", "asgi https"),
    "uvicorn, on a port": ("uvicorn asgi:app --port $PORT", "asgi https"),
    "uvicorn, in a pipe": ("uvicorn asgi:app --uds $SOCKET | cat", "asgi https"),
    "hypercorn": ("hypercorn asgi:app --bind unix:$SOCKET", "asgi http"),
    "daphne": ("daphne --proxy-headers -u $SOCKET asgi:app", "asgi https"),
    "uwsgi": (
        "uwsgi --http-socket $SOCKET --chmod-socket=660 --master --die-on-term"
        " --wsgi-file wsgi.py --callable app",
        "wsgi https",
    ),
    "waitress": (
        "waitress-serve --unix-socket=$SOCKET --unix-socket-perms=660 --trusted-proxy='*'"
        " --trusted-proxy-headers=x-forwarded-proto wsgi:app",
        "wsgi https",
    ),
    "granian": ("granian --interface asgi --uds $SOCKET asgi:app", "asgi http"),
}
CLIENTS = 8  # at once, each some thirty times a second at most
LIVE = "uvicorn asgi:app --uds $SOCKET"


@pytest.mark.timeout(600)  # the first has the box converge
def test_APP_11_a_first_server(servers: Shop) -> None:
    servers.converge(**{COMMAND: LIVE})
    assert servers.https("/").text == "asgi https"


@pytest.mark.parametrize("name", SERVERS)
def test_APP_11_a_server_starts_as_its_manual_says(servers: Shop, name: str) -> None:
    command, answer = SERVERS[name]
    with traffic(servers, "/", clients=CLIENTS) as seen:
        servers.converge(**{COMMAND: command})
    assert seen.failures == []
    assert seen.answers.total() > 20 * CLIENTS, "under load"
    assert servers.https("/").text == answer
    # What a framework redirects by itself stays on HTTPS, whether or not its server knows of it.
    assert servers.https("/folder").headers["location"] == f"https://{DOMAIN}/folder/"
    kind = "asgi" if "asgi:app" in command else "wsgi"
    assert answer.startswith(kind)


def test_REL_07_a_process_on_another_port_is_told_the_setting(servers: Shop) -> None:
    run = servers.pyinfra("-y", check=False, values={COMMAND: "python listens.py"})
    assert run.returncode != 0
    assert "it listens on the TCP port 8000 and not on its socket" in run.stdout
    assert 'set app.web.listen = "port" if it reads PORT' in run.stdout
    servers.converge(**{COMMAND: "python listens.py", "READYHOST_APP__WEB__LISTEN": "port"})
    assert servers.https("/").text == ""


def test_REL_07_the_last_lines_and_the_status_are_shown(servers: Shop) -> None:
    dies = "sh -c 'seq -f line-%g 40; echo the reason; exit 7'"
    run = servers.pyinfra("-y", check=False, values={COMMAND: dies})
    assert run.returncode != 0
    assert "it ended with exit status 7" in run.stdout
    assert "the reason" in run.stdout
    dies = "python -c 'x = bytearray(500_000_000)'"
    small = {COMMAND: dies, "READYHOST_APP__WEB__MEMORY_MAX_MB": "64"}
    run = servers.pyinfra("-y", check=False, values=small)
    assert run.returncode != 0
    assert "out of memory" in run.stdout
    assert "ceiling of 64 MiB (app.web.memory_max_mb)" in run.stdout


def test_REL_07_a_deadline_is_told_as_such_with_its_setting(servers: Shop) -> None:
    before = servers.ssh(f"readlink /srv/{NAME}/live")
    for values, said in (
        (
            {COMMAND: "sleep 60", "READYHOST_APP__HEALTH__DEADLINE_SECONDS": "2"},
            "after 2 s (app.health.deadline_seconds)",
        ),
        (
            {"READYHOST_APP__BUILD__STEPS": '["sleep 60"]',
             "READYHOST_APP__BUILD__TIMEOUT_SECONDS": "2"},
            "(timeout: it took longer than 2 s, app.build.timeout_seconds)",
        ),
    ):  # fmt: skip
        run = servers.pyinfra("-y", check=False, values={COMMAND: LIVE, **values})
        assert run.returncode != 0
        assert said in run.stdout
    assert servers.ssh(f"readlink /srv/{NAME}/live") == before


def test_REL_07_what_a_process_seems_to_miss_is_named(servers: Shop) -> None:
    script = "import os, redis; redis.from_url(os.environ['REDIS_URL']).flushall()"
    for code, said in (
        ("open('app.log', 'w')", "have it write below UPLOADS_DIR or in /tmp"),
        (script, 'set redis.allow_commands = ["flushall"]'),
    ):
        run = servers.pyinfra("-y", check=False, values={COMMAND: f'python -c "{code}"'})
        assert run.returncode != 0
        assert said in run.stdout


def test_APP_11_a_worker_of_a_queue_starts_as_its_manual_says(servers: Shop) -> None:
    queue = {"command": "rq worker --url $REDIS_URL", "memory_max_mb": 256}
    servers.converge(**{COMMAND: LIVE, "READYHOST_APP__WORKERS": json.dumps({"queue": queue})})
    (unit,) = units(servers, "queue")
    journal = f"journalctl -u {unit} -o cat"
    assert "*** Listening on default" in servers.ssh(journal)
    # It forks for each job.
    give = f"read -r RQ_REDIS_URL; export RQ_REDIS_URL; /srv/{NAME}/current/.venv/bin/rq enqueue"
    servers.ssh(f"{give} time.ctime", stdin=environ(servers, unit)["REDIS_URL"] + "\n")
    end = time.monotonic() + 30
    while "Successfully completed time.ctime()" not in (said := servers.ssh(journal)):
        assert time.monotonic() < end, said
        time.sleep(0.5)


def test_REL_07_a_diff_names_the_variable_that_changes(servers: Shop) -> None:
    values = {"READYHOST_APP__ENV": '{"GREETING": "geheim-1"}'}
    run = servers.pyinfra("--dry", "--diff", values={COMMAND: LIVE, **values})
    assert "+GREETING (value not shown)" in run.stdout
    assert "geheim-1" not in run.stdout
    assert "DATABASE_URL" not in run.stdout


def test_APP_07_a_process_that_hangs_is_restarted_alone(servers: Shop) -> None:
    short = {COMMAND: LIVE, "READYHOST_APP__HEALTH__HANG_SECONDS": "5"}
    servers.converge(**short, READYHOST_APP__HEALTH__TIMEOUT_SECONDS="1")
    pids = dict(zip(units(servers, "web"), main_pids(servers), strict=True))
    first, second = pids
    servers.ssh(f"kill -STOP {pids[first]}")
    end = time.monotonic() + 40
    # one that is being restarted is not listed
    while len(now := main_pids(servers)) < 2 or now[0] == pids[first]:
        assert time.monotonic() < end, "nobody restarted it"
        time.sleep(1)
    assert now[1] == pids[second]
    said = servers.ssh(f"journalctl -u {NAME}-watchdog -n 5 -o cat")
    assert f"{first} has answered nothing for 5 s and is restarted" in said
    assert servers.https("/").text == "asgi https"


def test_APP_07_a_busy_process_is_not_taken_for_one_that_hangs(servers: Shop) -> None:
    # One request at a time: the health check waits behind those of ten users, a second each.
    one = "gunicorn wsgi:app --workers 1 --bind unix:$SOCKET"
    short = {COMMAND: one, "READYHOST_APP__HEALTH__HANG_SECONDS": "5"}
    servers.converge(**short, READYHOST_APP__HEALTH__TIMEOUT_SECONDS="1")
    pids = main_pids(servers)
    with traffic(servers, "/slow", clients=10) as seen:
        time.sleep(30)
        said = servers.ssh(f"journalctl -u {NAME}-watchdog --since -30s -o cat")
        assert main_pids(servers) == pids, said
    assert seen.failures == []
    assert seen.answers.total() > 40, "two processes, one a second"


def main_pids(servers: Shop) -> list[str]:
    """Main processes of the live web units, in their order."""
    shown = servers.ssh(f"systemctl show -P MainPID {' '.join(units(servers, 'web'))}")
    return shown.split()
