"""Two applications on one host: each served, released and removed by itself, out of the other's
reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.support import project, site
from tests.support.suites import suites
from vagrant.driver import Box
from vagrant.example import commit, git
from vagrant.running import changes

from .two import (
    APPS,
    FORMER,
    PROCFILE,
    SERVER,
    Two,
    env,
    single,
    single_env,
    toml,
    visitors,
)

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    place = tmp_path_factory.mktemp("two")
    for name in APPS:
        (place / name).mkdir()
        (place / name / "server.py").write_text(SERVER)
        (place / name / "Procfile").write_text(PROCFILE)
        git(place / name, "init", "-q", "-b", "main")
        commit(place / name, "v1.0.0")
    suite = suites()[-1]
    box = Box.boot(f"several-{suite}", suite)
    made = Two(box, project.copy(place / "readyhost"), place)
    project.know(made.clone, box.ip)
    made.write(single(box, place), single_env())
    made.ok("deploy.py")
    yield made
    box.destroy()


def pids(two: Two, app: str) -> str:
    return two.box.ssh(f"pgrep -u {app} | sort")


KEPT = "/srv/shop/uploads/kept"
AS_BEFORE = (
    f"cat {KEPT}; cd /; runuser -u postgres -- psql -XAtc 'SELECT * FROM mine' app;"
    " shop-release list | grep -c '^v'"
)


def test_APP_13_one_application_becomes_the_first_of_several(two: Two) -> None:
    """Its data, its releases and its visitors stay; under another name it is refused."""
    insert = "cd /; runuser -u postgres -- psql -XAtqc \"INSERT INTO mine VALUES ('kept')\" app"
    two.box.ssh(f"printf 'kept\n' >{KEPT}; chown shop {KEPT}; {insert}")
    before = two.box.ssh(AS_BEFORE)
    assert before.split() == ["kept", "kept", "1"]
    wanted = toml(two.box, two.place)
    with visitors(two, "shop") as asked:
        two.write(wanted.replace(FORMER, ""), env())
        refused = two.pyinfra("deploy.py")
        assert refused.returncode != 0
        assert "database shop is gone" in refused.stdout
        assert "This host has app too: is that the application's" in refused.stdout
        two.write(wanted.replace("[apps.shop", "[apps.mill"), env(("mill", "blog")))
        refused = two.pyinfra("deploy.py")
        assert refused.returncode != 0
        assert "call its table [apps.shop]" in refused.stdout
        two.settings()
        two.ok("deploy.py")
    assert asked.answers == {"200 shop.example v1.0.0"}
    assert asked.count > 50
    assert two.box.ssh(AS_BEFORE) == before


def test_APP_13_both_are_served_and_a_second_run_changes_nothing(two: Two) -> None:
    assert two.answer("shop") == "200 shop.example v1.0.0"
    assert two.answer("blog") == "200 blog.example v1.0.0"
    assert changes(two.ok("deploy.py")) == {}


def test_APP_13_one_is_released_and_rolled_back_and_the_other_serves_on(two: Two) -> None:
    commit(two.place / "shop", "v1.1.0")
    before = pids(two, "blog")
    with visitors(two, "blog") as asked:
        two.ok("deploy.py", "--data", "shop.tag=v1.1.0")
        assert two.answer("shop") == "200 shop.example v1.1.0"
        two.ok("rollback.py", "--data", "application=shop")
        assert two.answer("shop") == "200 shop.example v1.0.0"
    assert asked.answers == {"200 blog.example v1.0.0"}
    assert asked.count > 50
    assert pids(two, "blog") == before
    unnamed = two.pyinfra("rollback.py")
    assert unnamed.returncode != 0
    assert "which application?" in unnamed.stdout


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


# As the application's user; Redis 6.0's own program reads no name in a URL.
LOGGED_IN = (
    "p=${{REDIS_URL#*//*:}}; REDISCLI_AUTH=${{p%@*}} redis-cli --no-auth-warning --user {app}"
)


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


ROWS = "cd /; runuser -u postgres -- psql -XAtc 'SELECT word FROM mine ORDER BY 1' {database}"
SAY = (
    'psql -qc "INSERT INTO mine VALUES (\'{word}\')" "$DATABASE_URL"'
    " && echo {word} >/srv/{app}/uploads/word"
)


def test_BAK_02_one_is_restored_and_the_other_goes_on(two: Two) -> None:
    """Database and uploads, as saved; of the other not even a process begins anew."""
    for app in APPS:
        assert two.inside(app, SAY.format(app=app, word="saved")).returncode == 0
    two.box.ssh("backup dump && backup files", timeout=300)
    for app in APPS:
        assert two.inside(app, SAY.format(app=app, word="later")).returncode == 0
    before = pids(two, "blog")
    with visitors(two, "blog") as asked:
        for what in ("dump", "files"):
            two.ok("restore.py", "--data", "application=shop", "--data", f"restore.what={what}")
    assert asked.answers == {"200 blog.example v1.0.0"}
    assert asked.count > 20
    assert pids(two, "blog") == before
    assert two.answer("shop").startswith("200 shop.example")
    assert two.box.ssh("cat /srv/shop/uploads/word") == "saved"
    assert two.box.ssh("cat /srv/blog/uploads/word") == "later"
    rows = [two.box.ssh(ROWS.format(database=name)).split() for name in ("app", "blog")]
    assert ["later" in each for each in rows] == [False, True]
    assert all("saved" in each for each in rows)


def test_APP_13_one_is_below_a_path_of_the_other_s_domain(two: Two) -> None:
    """And comes back to its own; the other's visitors notice neither."""
    commit(two.place / "blog", "v1.1.0")
    shop, blog = toml(two.box, two.place).split("[apps.blog]")
    blog = blog.replace('"blog.example"', '"shop.example"\npath = "/blog"')
    blog = f'{blog.replace("v1.0.0", "v1.1.0")}[apps.blog.health]\npath = "/blog/health"\n'
    with visitors(two, "shop") as asked:
        two.write(f"{shop}[apps.blog]{blog}", env())
        two.ok("deploy.py")
        for path, release in (("/blog", 1), ("/blog/a?b", 1), ("/blogs", 0), ("/", 0)):
            said = site.asked(two.box.ip, "shop.example", path)
            assert said == f"200 shop.example v1.{release}.0"
        assert changes(two.ok("deploy.py")) == {}
        two.settings()
        two.ok("deploy.py")
    assert asked.answers == {"200 shop.example v1.0.0"}
    assert two.answer("blog") == "200 blog.example v1.0.0"


def test_APP_13_one_is_taken_out_its_data_kept_and_removed_by_name(two: Two) -> None:
    refused = two.readyhost("remove", "blog", "--yes")
    assert refused.returncode != 0
    assert "is in the settings" in refused.stdout
    two.box.ssh("printf kept >/srv/blog/uploads/kept")
    shop, blog = (LOGGED_IN.format(app=name) for name in APPS)
    assert "OK" in two.inside("shop", f"{shop} SET shop:secret theirs").stdout
    for name in (r"blog:a\nshop:secret", r"blog:\377"):
        assert "OK" in two.inside("blog", f"{blog} SET \"$(printf '{name}')\" mine").stdout
    before = pids(two, "shop")
    two.settings(("shop",))
    with visitors(two, "shop") as asked:
        assert "blog is not in the settings" in two.ok("deploy.py")
    assert asked.answers == {"200 shop.example v1.0.0"}
    assert pids(two, "shop") == before
    assert two.box.run("pgrep -u blog").stdout == ""
    with pytest.raises(OSError):
        two.answer("blog")
    assert two.box.ssh("cat /srv/blog/uploads/kept") == "kept"
    databases = "runuser -u postgres -- psql -XAtc 'SELECT datname FROM pg_database ORDER BY 1'"
    assert "blog" in two.box.ssh(databases).split()
    assert changes(two.ok("deploy.py")) == {}
    asked_only = two.readyhost("remove", "blog")
    assert "nothing was removed" in asked_only.stdout
    assert two.readyhost("remove", "blog", "--yes").returncode == 0
    assert two.inside("shop", f"{shop} GET shop:secret").stdout.strip() == "theirs"
    assert "blog" not in two.box.ssh(databases).split()
    assert two.box.run("ls -d /srv/blog /etc/blog /var/log/blog 2>/dev/null").stdout == ""
    assert two.box.run("getent passwd blog blog-build").stdout == ""
    assert two.answer("shop") == "200 shop.example v1.0.0"
    assert changes(two.ok("deploy.py")) == {}


NODE = {
    "server.mjs": """import { createServer } from "node:http";

const { DOMAIN, RELEASE, PORT, SOCKET } = process.env;
createServer((request, response) => {
  response.end(`${DOMAIN} ${RELEASE} ${process.version}`);
}).listen(PORT ?? SOCKET);
""",
    "package.json": '{"name": "server", "version": "1.0.0", "private": true}',
    "package-lock.json": '{"name": "server", "version": "1.0.0", "lockfileVersion": 3,'
    ' "packages": {"": {"name": "server", "version": "1.0.0"}}}',
    "Procfile": "web: node server.mjs\n",
}


# Its digest, which the toolkit does not know for this processor.
FORMER_PATCH = {
    "22.23.3": 'integrity = "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4'
    '+jwK8x4gwbobE9BHtNg/AKR2583eYorLF/c7ng=="\n'
}


def test_APP_15_two_versions_of_node_side_by_side_and_a_patch_is_a_release(two: Two) -> None:
    """One whose data was removed begins anew; of the other a patch goes live and loses nobody."""
    wanted = toml(two.box, two.place).replace('"command"', '"node"').replace("v1.0.0", "v2.0.0")
    for app in APPS:
        for name, text in NODE.items():
            (two.place / app / name).write_text(text)
        commit(two.place / app, "v2.0.0")

    def deploy(shop: str, blog: str) -> str:
        versions = (
            f'[apps.{app}.node]\nversion = "{version}"\n{FORMER_PATCH.get(version, "")}'
            for app, version in (("shop", shop), ("blog", blog))
        )
        two.write(wanted + "".join(versions), env())
        return two.ok("deploy.py")

    deploy("22.23.3", "24.22.3")
    assert two.answer("shop") == "200 shop.example v2.0.0 v22.23.3"
    assert two.answer("blog") == "200 blog.example v2.0.0 v24.22.3"
    before = pids(two, "blog")
    with visitors(two, "shop") as asked:
        said = "it runs on node 22.23.5 now, the release before ran on node 22.23.3"
        assert said in deploy("22.23.5", "24.22.3")
    assert asked.answers == {f"200 shop.example v2.0.0 v{each}" for each in ("22.23.3", "22.23.5")}
    assert two.answer("shop") == "200 shop.example v2.0.0 v22.23.5"
    assert pids(two, "blog") == before
    assert changes(deploy("22.23.5", "24.22.3")) == {}
