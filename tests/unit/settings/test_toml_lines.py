"""The line of each key, as an editor counts."""

from __future__ import annotations

from roles.core.environment.toml_lines import key_lines

DOCUMENT = '''\
# [no.table]
top = "a" # c = 1
list = [
  "a#]", # ]
  "b",
]

[table]   # a comment
text = """
[no]
no = 1
"""
raw = \'\'\'
no = "'
\'\'\'
inline = { a = "1", "b.c" = 'x' }
"quoted key" = 1
a.b."c.d" = 3
 indented = "\\"no = 1"

[ table . below ]
key = 'x # y'
[[tables]]
port = 1
[[tables]]
port = 2
sub.key = 1
[tables.more]
key = 1
'''


def test_the_line_of_each_key() -> None:
    assert key_lines(DOCUMENT) == {
        ("top",): 2,
        ("list",): 3,
        ("table",): 8,
        ("table", "text"): 9,
        ("table", "raw"): 13,
        ("table", "inline"): 16,
        ("table", "quoted key"): 17,
        ("table", "a"): 18,
        ("table", "a", "b"): 18,
        ("table", "a", "b", "c.d"): 18,
        ("table", "indented"): 19,
        ("table", "below"): 21,
        ("table", "below", "key"): 22,
        ("tables",): 23,
        ("tables", 0): 23,
        ("tables", 0, "port"): 24,
        ("tables", 1): 25,
        ("tables", 1, "port"): 26,
        ("tables", 1, "sub"): 27,
        ("tables", 1, "sub", "key"): 27,
        ("tables", 1, "more"): 28,
        ("tables", 1, "more", "key"): 29,
    }


def test_windows_line_ends() -> None:
    assert key_lines("a = 1\r\n[t]\r\nb = 2\r\n") == {("a",): 1, ("t",): 2, ("t", "b"): 3}
