"""What a package does that means harm: it runs as a part of a build, and notes what worked. A build
of a whole release has all of it (tests/releases/test_build.py); here each is tried by itself.

Copied into a release as it is, so it takes nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable

MARK = "evil-was-here"
HOME = pathlib.Path(os.environ["HOME"])


def write(path: str) -> str:
    target = pathlib.Path(path).expanduser()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f"# {MARK}\n")
    return str(target)


def each(pattern: str, act: Callable[[str], object]) -> str:
    done = []
    for path in pathlib.Path("/").glob(pattern.lstrip("/")):
        with contextlib.suppress(OSError):
            done.append(str(act(str(path))))
    return ", ".join(done)


def connect(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)
    return path


def reach(host: str, port: int) -> str:
    with socket.create_connection((host, port), timeout=1):
        return f"{host}:{port}"


def run(command: str) -> str:
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=20, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def hard_link(path: str) -> str:
    os.link(path, f"{MARK}-link")
    return path


def background() -> str:
    null = subprocess.DEVNULL  # or pip would wait for it
    subprocess.Popen(["sleep", "7777"], stdout=null, stderr=null, start_new_session=True)
    run("setsid nohup sleep 7777 >/dev/null 2>&1 &")
    return ""  # it is looked for from outside


def flipper() -> str:
    """Until root has taken the release over, and after that, have a folder of it be a link."""
    script = "import os, time\n" + "".join(
        f"os.{words}\n"
        for words in ("mkdir('flip')", "symlink('/etc', 'flip.link')", "mkfifo('flip.pipe')")
    )
    script += """
while True:
    for old, new in (("flip", "flip.aside"), ("flip.link", "flip"),
                     ("flip", "flip.link"), ("flip.aside", "flip")):
        os.rename(old, new)
        time.sleep(0.0005)
# as "sleep 7777" it is looked for from outside
"""
    null = subprocess.DEVNULL
    subprocess.Popen(
        [sys.executable, "-c", script], stdout=null, stderr=null, start_new_session=True
    )
    return ""  # as above


def lock(path: str) -> str:
    """Hold what a program of root waits for: to read a file is enough for that."""
    with pathlib.Path(path).open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return path


def locks() -> str:
    places = ("/run", "/run/*", "/var/lib/*", "/var/cache/*", "/var/lock", "/etc")
    found = [each(f"{place}/{name}", lock) for place in places for name in ("*lock*", "*.pid")]
    return ", ".join(filter(None, found))


def shared_memory() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmget(0x0E71, 4096, 0o1666)
    return ""  # as above


def setuid() -> str:
    shutil.copy("/bin/sh", "evil-shell")
    pathlib.Path("evil-shell").chmod(0o4755)
    return ""  # as above


def others() -> str:
    mine = str(os.getuid())
    found = pathlib.Path("/proc").glob("[0-9]*")
    seen = [str(path) for path in found if str(path.stat().st_uid) != mine]
    return ", ".join(seen)


SRV = "/srv/app"
# Whatever gives text has worked, and must not.
ATTEMPTS: dict[str, Callable[[], str]] = {
    "pth in the live release": lambda: each(
        f"{SRV}/*/.venv/lib/python3*/site-packages", lambda p: write(f"{p}/{MARK}.pth")
    ),
    "sitecustomize in other releases": lambda: each(
        f"{SRV}/releases/*/.venv/lib/python3*/site-packages",
        lambda p: "" if str(pathlib.Path.cwd()) in p else write(f"{p}/sitecustomize.py"),
    ).strip(", "),
    "kept dependencies": lambda: each(f"{SRV}/installed/*", lambda p: write(f"{p}/{MARK}")),
    "shared dependencies": lambda: write(f"{SRV}/environments/{MARK}"),
    "other releases": lambda: each(
        f"{SRV}/releases/*", lambda p: "" if str(pathlib.Path.cwd()).startswith(p) else p
    ).strip(", "),
    "uploads": lambda: str([*pathlib.Path(f"{SRV}/uploads").iterdir()]),
    "secrets": lambda: each("/etc/app/*/env", lambda p: pathlib.Path(p).read_text()),
    "hard link to the live code": lambda: each(f"{SRV}/current/*", hard_link),
    "crontab": lambda: run(f"echo '* * * * * touch /tmp/{MARK}' | crontab - && echo yes"),
    "cron's folder": lambda: write(f"/var/spool/cron/crontabs/{MARK}"),
    "at": lambda: run(f"echo 'touch /tmp/{MARK}' | at now && echo yes"),
    "the user's systemd": lambda: run(
        "XDG_RUNTIME_DIR=/run/user/$(id -u) systemctl --user daemon-reload && echo yes"
    ),
    "a unit of systemd": lambda: run(f"systemd-run touch /var/tmp/{MARK} && echo yes"),
    "lingering": lambda: run('loginctl enable-linger "$(id -un)" && echo yes'),
    "system folders": lambda: each("/etc/profile.d", lambda p: write(f"{p}/{MARK}.sh")),
    "programs": lambda: write(f"/usr/local/bin/{MARK}"),
    "node": lambda: each("/opt/node/*", lambda p: write(f"{p}/{MARK}")),
    "the release's lock": lambda: write("/run/readyhost/app-release.lock"),
    "a lock of another": lambda: write(f"/run/lock/{MARK}"),
    "locks of others": locks,
    "a link that flips while root takes over": flipper,
    "sockets of databases": lambda: each("/run/postgresql/.s.*", connect),
    "sockets of redis": lambda: each("/run/redis/*.sock", connect),
    "sockets of the application": lambda: each("/run/app/*/*.sock", connect),
    "D-Bus": lambda: connect("/run/dbus/system_bus_socket"),
    "systemd itself": lambda: connect("/run/systemd/private"),
    "the journal": lambda: connect("/run/systemd/journal/stdout"),
    "PostgreSQL": lambda: reach("127.0.0.1", 5432),
    "PgBouncer": lambda: reach("127.0.0.1", 6432),
    "Redis": lambda: reach("127.0.0.1", 6379),
    "this host's own address": lambda: reach(
        subprocess.check_output(["hostname", "-I"], text=True).split()[0], 443
    ),
    "metadata of clouds": lambda: reach("169.254.169.254", 80),
    "metadata of clouds, elsewhere": lambda: reach("169.254.169.254", 8099),
    "processes of others": others,
    "a process that stays": background,
    "shared memory that stays": shared_memory,
    "a shell with other rights": setuid,
}
# What may be written, because it vanishes.
PASSING = [
    "~/.config/pip/pip.conf", "~/.pip/pip.conf", "~/.npmrc", "~/.netrc", "~/.gitconfig",
    "~/.ssh/authorized_keys", "~/.config/systemd/user/evil.service", "~/.profile", "~/.bashrc",
    f"~/.local/bin/{MARK}", f"~/.local/lib/python3.10/site-packages/{MARK}.pth",
    f"~/.cache/pip/wheels/{MARK}.whl", f"~/.npm/_cacache/{MARK}", f"~/.git/hooks/{MARK}",
    f"/tmp/{MARK}", f"/var/tmp/{MARK}", f"/dev/shm/{MARK}",
]  # fmt: skip


def main(report: pathlib.Path) -> None:
    worked = {}
    for name, attempt in ATTEMPTS.items():
        try:
            result = attempt()
        except Exception:  # whatever is in the way
            continue
        if result:
            worked[name] = result
    for path in PASSING:
        with contextlib.suppress(OSError):
            write(path)
    report.write_text(json.dumps({"worked": worked, "tried": len(ATTEMPTS), "home": str(HOME)}))


if __name__ == "__main__":
    if sys.argv[1] == "--only":
        print(ATTEMPTS[sys.argv[2]]())
    else:
        main(pathlib.Path(sys.argv[1]))
