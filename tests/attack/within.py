"""What takes more than a line of a shell: `within.py NAME [WORD]`, run where an intruder is, or
beside him as root. Nothing but the standard library. Prints what was got."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import pwd
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

LOOT = "what-no-intruder-may-see"
NAMED = "attack-line"
LIBC = ctypes.CDLL(None, use_errno=True)
ADD_KEY, KEYCTL = (248, 250) if os.uname().machine == "x86_64" else (217, 219)
JOIN_SESSION, SETPERM, READ, SESSION = 1, 5, 11, -3
SEIZE = 0x4206
TIMES = 15  # requests, of which Nginx sends some to each process


def forge() -> None:
    """A line under a name of his own choice, by each door of the journal."""
    line = b"forged by an intruder"
    doors = {
        "dev-log": b"<38>" + NAMED.encode() + b"[1]: " + line,
        "socket": b"SYSLOG_IDENTIFIER=" + NAMED.encode() + b"\nMESSAGE=" + line + b"\n",
        "stdout": NAMED.encode() + b"\n\n6\n0\n0\n0\n0\n" + line + b"\n",
    }
    for name, words in doors.items():
        kind = socket.SOCK_STREAM if name == "stdout" else socket.SOCK_DGRAM
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, kind) as door:
            door.connect(f"/run/systemd/journal/{name}")
            door.sendall(words)
            print("in by", name)
    time.sleep(0.3)  # or the journal could not say whose they are


def notify() -> None:
    """Words to the first process of the host, in the name of whoever is asked about them."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.connect("/run/systemd/notify")
        door.sendall(b"STATUS=attack")
        print("in by notify")
    time.sleep(0.3)


def knock(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)
        print("in by", path)


def abstract() -> None:
    """Whatever listens without a file: nobody's rights to a file keep him out."""
    for line in Path("/proc/net/unix").read_text().splitlines():
        words = line.split()
        if len(words) == 8 and words[7].startswith("@") and words[3] == "00010000":
            with socket.socket(socket.AF_UNIX, int(words[4], 16)) as door:
                door.connect("\0" + words[7][1:])
                print("in by", words[7])


def listen_abstract() -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("\0attack-bait")
        door.listen()
        time.sleep(60)


def forge_row(path: str) -> None:
    """A socket whose name goes on with a row of /proc/net/unix: somebody is connected to `path`."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"\0attack\n1: 2 3 4 5 03 7 {path}")
        door.listen()
        time.sleep(20)


def listen(path: str) -> None:
    """Where everybody may come in."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        Path(path).chmod(0o777)
        door.listen()
        time.sleep(60)


def take_port(port: str) -> None:
    """What somebody says who takes him for the service of that port."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", int(port)))
        door.listen()
        print("his is", port)
        door.settimeout(4)
        with contextlib.suppress(OSError), door.accept()[0] as client:
            client.settimeout(4)
            print(client.recv(99).decode())


def say_password(port: str) -> None:
    """As a client does who waits for a service."""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", int(port)), 1) as door,
        ):
            door.sendall(LOOT.encode())
            return
        time.sleep(0.1)


def share_key(file: str) -> None:
    """Root's key, which root lets everybody read."""
    LIBC.syscall(KEYCTL, JOIN_SESSION, None)
    key = LIBC.syscall(ADD_KEY, b"user", b"attack", LOOT.encode(), len(LOOT), SESSION)
    LIBC.syscall(KEYCTL, SETPERM, key, 0x3F3F3F3F)
    Path(file).write_text(str(key))
    time.sleep(60)  # it goes with its session


def read_key(file: str) -> None:
    text = ctypes.create_string_buffer(99)
    if LIBC.syscall(KEYCTL, READ, int(Path(file).read_text()), text, 99) > 0:
        print(text.value.decode())


def trace(pid: str) -> None:
    LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    print("traced" if LIBC.ptrace(SEIZE, int(pid), None, None) == 0 else "refused")


def answer(door: socket.socket, head: str, body: str) -> None:
    """Each request with the same words."""
    text = (
        f"HTTP/1.1 200 OK\r\n{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    )
    while True:
        with door.accept()[0] as client, contextlib.suppress(OSError):
            client.recv(65536)
            client.sendall(text.encode())


def door_of_nginx(path: str) -> None:
    """A service that Nginx alone may speak to."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        os.chown(path, pwd.getpwnam("www-data").pw_uid, -1)
        Path(path).chmod(0o600)
        door.listen()
        answer(door, "", LOOT)


def visit(path: str = "/attack") -> str:
    """What a visitor of the site gets."""
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("shop.example", timeout=3, context=trust)
    connection._create_connection = (  # type: ignore[attr-defined]
        lambda *_: socket.create_connection(("127.0.0.1", 443), 3)
    )
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return repr(error)
    finally:
        connection.close()


@contextlib.contextmanager
def instead() -> Iterator[Path]:
    """The place of a web process' socket, the first one's of the slot that is live."""
    place = Path(os.environ["SOCKET"]).with_name("web-1.sock")
    aside = place.with_name("aside")
    place.rename(aside)
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)
        aside.rename(place)


def order_nginx() -> None:
    """Answer a visitor with an order to Nginx: to serve what is its own."""
    with instead() as place, socket.socket(socket.AF_UNIX) as door:
        door.bind(str(place))
        place.chmod(0o777)
        door.listen()
        head = "X-Accel-Redirect: /.error/503.json\r\nContent-Type: text/plain\r\n"
        threading.Thread(target=answer, args=(door, head, "his own"), daemon=True).start()
        for _ in range(TIMES):
            print(visit())


def keep_in_nginx(path: str) -> None:
    """Answer for `path` with what everybody may keep, until Nginx has kept it."""
    with instead() as place, socket.socket(socket.AF_UNIX) as door:
        door.bind(str(place))
        place.chmod(0o777)
        door.listen()
        head = "Cache-Control: public, max-age=60\r\nContent-Type: text/plain\r\n"
        threading.Thread(target=answer, args=(door, head, "attack_kept 1\n"), daemon=True).start()
        for _ in range(TIMES):
            print(visit(path))


def lead_nginx(path: str) -> None:
    """Lead Nginx to another's door, by a link in the place of a socket."""
    with instead() as place:
        place.symlink_to(path)
        for _ in range(TIMES):
            print(visit())


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
