"""Each application is out of the other's reach."""

from __future__ import annotations

import threading

import pytest

from tests.applications.two import APPS, Two

from .seen import LOGGED_IN

pytestmark = pytest.mark.timeout(900)


FILES = {
    "its release": "cat /srv/shop/current/server.py",
    "its uploads": "cat /srv/shop/uploads/theirs",
    "its secrets": "cat /etc/shop/blue/env /etc/shop/green/env",
    "its sockets": "ls /run/shop/blue /run/shop/green",
    "its logs": "ls /var/log/shop",
    "its backups": "ls /var/lib/backup/files /var/backups/readyhost /etc/backup",
    # What it says to itself stands in its own.
    "its processes": "for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/environ | grep 'DOMAIN=[s]hop'"
    " && exit; done; exit 1",
}
DATABASE = {
    "its database": 'psql "${DATABASE_URL%/blog}/app" -c "SELECT * FROM mine"',
    "past the pooler": 'psql "${DATABASE_URL%:*}:5432/app" -c "SELECT 1"',
    "its role": 'psql "$DATABASE_URL" -c "SET ROLE app"',
    "no password": "PGPASSWORD= psql -w -h 127.0.0.1 -U app app -c 'SELECT 1'",
}
REDIS = {
    "a key": "GET shop:secret",
    "a key written": "SET shop:secret stolen",
    "all names": "KEYS 'shop:*'",
    "names by and by": "SCAN 0",
    "any name": "RANDOMKEY",
    "by a script": "EVAL \"return redis.call('GET','shop:secret')\" 0",
    "another database": "MOVE shop:secret 1",
    "copied": "COPY shop:secret blog:secret",
    "its channel": "PUBLISH shop:news stolen",
    "everything": "FLUSHALL",
    "users": "ACL LIST",
}


@pytest.mark.parametrize("what", FILES)
def test_APP_13_no_file_of_the_other(two: Two, what: str) -> None:
    two.box.ssh("printf theirs >/srv/shop/uploads/theirs; chown shop /srv/shop/uploads/theirs")
    done = two.inside("blog", FILES[what])
    assert done.returncode != 0, done.stdout
    assert not {"theirs", "http.server", "SECRET_KEY"} & set(done.stdout.replace("=", " ").split())


@pytest.mark.parametrize("what", DATABASE)
def test_APP_13_no_row_of_the_other(two: Two, what: str) -> None:
    assert two.inside("blog", 'psql "$DATABASE_URL" -c "SELECT * FROM mine"').returncode == 0
    done = two.inside("blog", DATABASE[what])
    assert done.returncode != 0, done.stdout
    said = ("permission denied", "password", "no such user", "does not exist", "auth")
    assert any(word in done.stdout for word in said), done.stdout


@pytest.mark.parametrize("what", REDIS)
def test_APP_13_no_key_of_the_other(two: Two, what: str) -> None:
    shop, blog = (LOGGED_IN.format(app=name) for name in APPS)
    own = two.inside("shop", f"{shop} SET ${{REDIS_PREFIX}}secret theirs")
    assert own.stdout.strip() == "OK"
    assert two.inside("blog", f"{blog} SET blog:word mine").stdout.strip() == "OK"
    done = two.inside("blog", f"{blog} {REDIS[what]}")
    assert any(word in done.stdout for word in ("NOPERM", "can't access", "unknown command")), done
    assert "theirs" not in done.stdout
    assert "NOAUTH" in two.inside("blog", "redis-cli GET shop:secret").stdout


SQUATS = (
    "import socket; s = socket.socket(); s.setsockopt(1, 2, 1);"
    ' s.bind(("127.0.0.1", {port})); s.listen(); s.settimeout(20);'
    ' c = s.accept()[0]; c.recv(99); c.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\nstolen")'
)


def test_SEC_08_one_answers_no_visitor_of_the_other_s_port(two: Two) -> None:
    """It may take the port while the other's process is away, and hears nobody there."""
    slot = two.box.ssh("basename $(readlink /srv/shop/live)").strip()
    unit = f"shop-web-{slot}@1"
    port = 8001 if slot == "blue" else 8201
    said = f"curl -s -m 3 http://127.0.0.1:{port}/; true"
    rule = f"ufw-before-output -o lo -p tcp --sport {port} -j ACCEPT"
    two.box.ssh(f"systemctl stop {unit}")
    squatter = threading.Thread(
        target=two.inside, args=("blog", f"timeout 15 python3 -c '{SQUATS.format(port=port)}'")
    )
    squatter.start()
    try:
        listens = f"ss -ltn | grep -q :{port}"
        two.box.ssh(f"for i in $(seq 50); do {listens} && exit; sleep 0.1; done; exit 1")
        assert two.box.ssh(said) == ""
        two.box.ssh(f"iptables -I {rule}")
        assert two.box.ssh(said) == "stolen", "it proves nothing"
    finally:
        two.box.run(f"iptables -D {rule}")
        squatter.join()
        two.box.ssh(f"systemctl start {unit}")
