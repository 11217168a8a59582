"""The keys of an application that is removed, whatever it called them."""

from __future__ import annotations

import re
import socket
import threading
from io import BufferedRWPair
from pathlib import Path

import pytest

from roles.applications.host import keys

HOSTILE = {
    b"blog:plain", b"blog:a\nshop:session", b"blog:\xff\xfe", b"blog:\r\n$1\r\n0",
    "blog:é".encode(), b'blog:"quoted" b', b"shop:session",
}  # fmt: skip


class Redis(threading.Thread):
    """Answers as Redis does; like one that ignores MATCH, so that a name is looked at again."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.held = set(HOSTILE)
        self.logins: list[list[bytes]] = []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen(1)
        self.start()

    def run(self) -> None:
        connection, _ = self.socket.accept()
        self.socket.close()
        with connection, connection.makefile("rwb") as stream:
            self.serve(stream)

    def serve(self, stream: BufferedRWPair) -> None:
        while head := stream.readline():
            words = []
            for _ in range(int(head[1:])):
                words.append(stream.read(int(stream.readline()[1:]) + 2)[:-2])
            stream.write(self.answer(words))
            stream.flush()

    def answer(self, words: list[bytes]) -> bytes:
        if words[0] == b"AUTH":
            self.logins.append(words[1:])
            return b"+OK\r\n" if words[2] == b"secret" else b"-WRONGPASS no\r\n"
        if words[0] == b"SCAN":
            found = sorted(self.held)
            body = b"".join(b"$%d\r\n%b\r\n" % (len(one), one) for one in found)
            return b"*2\r\n$1\r\n0\r\n*%d\r\n%b" % (len(found), body)
        gone = self.held & set(words[1:])
        self.held -= gone
        return b":%d\r\n" % len(gone)


def test_APP_13_what_is_removed_is_its_own_keys_whatever_they_are_called(tmp_path: Path) -> None:
    redis = Redis(tmp_path / "redis")
    count = keys.remove("blog:", "AUTH operator secret\n", str(tmp_path / "redis"))
    assert redis.held == {b"shop:session"}
    assert count == len(HOSTILE) - 1
    assert redis.logins == [[b"operator", b"secret"]]


def test_a_refusal_is_said(tmp_path: Path) -> None:
    Redis(tmp_path / "redis")
    with pytest.raises(keys.Wrong, match=re.escape("WRONGPASS no")):
        keys.remove("blog:", "AUTH operator wrong", str(tmp_path / "redis"))
