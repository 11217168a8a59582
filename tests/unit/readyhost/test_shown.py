"""What of a host's words reaches the operator's terminal."""

import pytest

from readyhost.shown import Lines, Screen

ORDERS = {
    "a title": b"\x1b]0;title\x07",
    "the clipboard": b"\x1b]52;c;cm0gLXJm\x1b\\",
    "a file to keep": b"\x1b]1337;File=name=eA==;inline=0:eA==\x07",
    "a question about itself": b"\x1bP$q q\x1b\\",
    "a message": b"\x1b^words\x1b\\",
    "an order that does not end": b"\x1b]0;title",
    "its title, as if typed": b"\x1b[21t",
    "its printer": b"\x1b[5i",
    "its name": b"\x05",
    "what it is": b"\x1b[c\x1b[>c\x1b[>q\x1b[x\x1b[5n",
    "what is on the screen": b"\x1b[1;1;3;4;5;6*y\x1b[&v",
    "what is set": b"\x1b[?2004$p\x1b[?u\x1b[?4m\x1b[?1;1;0S\x1b[1$w\x1b[#R",
    "another encoding": b"\x1b%@\x1b G",
    "one byte": "\x9d0;title\x07".encode(),
    "with something between": b"\x1b\x00]0;title\x07",
    "begun twice": b"\x1b\x1b]0;a\x07]0;title\x07",
    "around another": b"\xc2\x1b]0;a\x07\x9d0;title\x07",
    "around a byte": b"\xc2\xc2\x80\x9d0;title\x07",
}


@pytest.mark.parametrize("size", [1, 2, 3, 99])
@pytest.mark.parametrize("name", ORDERS)
def test_a_program_at_the_terminal_gives_it_no_order(name: str, size: int) -> None:
    screen, said = Screen(), ORDERS[name] + b"\nafter\x1b[31m"
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    shown = b"".join([*(screen.shown(each) for each in pieces), screen.shown(b"", last=True)])
    assert shown.endswith(b"\nafter\x1b[31m")
    before = shown.removesuffix(b"\nafter\x1b[31m").replace(b"title", b"")
    assert b"\x1b" not in before
    assert b"\x05" not in before
    assert b"\xc2\x9d" not in before


def test_what_a_full_screen_needs_passes() -> None:
    text = "\x1b[?1049h\x1b[2J\x1b[3;4H\x1b(B\x1b7\x1b[38;5;2mäÝ\xa0\x1b[0m\x1b8\x1b[?25l\x1bM"
    said = text.encode()
    for size in (1, 7, 99):
        screen = Screen()
        pieces = [said[at : at + size] for at in range(0, len(said), size)]
        assert b"".join(map(screen.shown, pieces)) + screen.shown(b"", last=True) == said


def test_a_line_editor_learns_where_the_cursor_is() -> None:
    said = b"\x1b[6n\x1b[?2004h\x1b[>4;1m\x1b[>1u\x1b[<u\x1b[4 q\x1b[!p\x1b#8\x1b(0q\x1b(B\x1b[1r"
    assert Screen().shown(said, last=True) == said


def test_an_order_of_megabytes_is_not_kept() -> None:
    screen = Screen()
    assert screen.shown(b"\x1b]0;") + screen.shown(b"x" * 2_000_000) == b""
    assert screen.shown(b"x\x1b") + screen.shown(b"\\after", last=True) == b"after"


def test_without_it_a_program_moves_nothing_either() -> None:
    lines = Lines()
    shown = lines.shown(b"one\x1b[2Atwo\r\nthr") + lines.shown("é\x1b[31mred".encode(), last=True)
    assert shown == "one\\x1b[2Atwo\nthré\x1b[31mred".encode()
