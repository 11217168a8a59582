"""Who is still connected to a socket, as the kernel counts it: real ones."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from roles.app.host import drain


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[socket.socket, Path]]:
    path = tmp_path / "web.sock"
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(path))
        server.listen()
        yield server, path


def test_who_is_served_and_who_waits_count(web: tuple[socket.socket, Path]) -> None:
    server, path = web
    assert drain.asked([path]) == 0
    with ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(closing(socket.socket(socket.AF_UNIX))).connect(str(path))
        opened.enter_context(closing(server.accept()[0]))
        assert drain.asked([path]) == 3
        assert drain.asked([path.with_name("other.sock")]) == 0
        assert drain.asked([]) == 0
    assert drain.asked([path]) == 2  # nobody has looked at those two yet


def test_no_name_of_a_socket_tells_of_connections_to_another(
    web: tuple[socket.socket, Path],
) -> None:
    """Another application would hold a release back, and keep its former one from staying warm."""
    _, path = web
    short = Path("/tmp") / f"n{id(web)}"  # a name has 107 bytes
    short.symlink_to(path.parent)
    shown = short / path.name
    lie = f"x\n0: 3 0 0 0001 03 1 {shown}"
    try:
        (short / lie).parent.mkdir(parents=True)
        with closing(socket.socket(socket.AF_UNIX)) as liar:
            liar.bind(f"{short}/{lie}")
            assert drain.connections([shown], drain.TABLE.read_text()) == 1
            assert drain.asked([shown]) == 0
    finally:
        short.unlink()
