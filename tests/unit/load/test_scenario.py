"""A scenario from a log: what it does, and what no visitor can put into it."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest

from load import scenario


def line(path: str, **more: Any) -> str:
    return json.dumps({"host": "shop.example", "method": "GET", "status": 200, "path": path,
                       "hostile": "", "agent": "Mozilla", **more})  # fmt: skip


LOG = [
    *[line("/")] * 60,
    *[line(f"/items/{number}") for number in range(30)],
    *[line("/about")] * 10,
    line("/login", method="POST"),
    line("/gone", status=404),
    line("/other", host="other.example"),
    line("/probe", agent="readyhost-load/1"),
    line("/trace", hostile="1"),
    line('/"); import os; os.system("id"); ("'),
    line("/a\\nb"),
    "no json",
    "[]",
    "{}",
]


def test_LOAD_01_paths_are_weighted_as_they_were_read() -> None:
    paths = scenario.asked(LOG, ["shop.example"])
    assert scenario.grouped(paths) == [("/", "/", 60), ("/items/0", "/items/[id]", 30),
                                       ("/about", "/about", 10)]  # fmt: skip
    text = scenario.written(paths, domain="shop.example", environment="prod")
    tree = ast.parse(text)
    (visitor,) = [each for each in tree.body if isinstance(each, ast.ClassDef)]
    names = [each.name for each in visitor.body if isinstance(each, ast.FunctionDef)]
    assert names == ["get_start", "get_items_id", "get_about"]
    assert "@task(60)" in text and 'name="/items/[id]"' in text
    assert "os.system" not in text and "readyhost-load" not in text


def test_LOAD_01_nothing_in_it_writes_unless_somebody_says_so() -> None:
    text = scenario.written({"/": 1}, domain="a.example", environment="prod")
    code = [row for row in text.splitlines() if not row.lstrip().startswith("#")]
    assert not any(word in "\n".join(code) for word in (".post", ".put", ".delete", "password"))
    assert "self.client.post" in text


def test_LOAD_01_without_a_log_it_begins_with_the_first_page() -> None:
    text = scenario.written({}, domain="a.example", environment="prod")
    assert 'self.client.get("/")' in text and "@task(100)" in text


def test_LOAD_01_no_path_takes_anothers_task_away() -> None:
    """Visitors choose them: two tasks of one name would be one."""
    paths = {"/a": 4, "/A": 3, "/a_2": 2, "/A-2": 1}
    tree = ast.parse(scenario.written(paths, domain="a.example", environment="prod"))
    (visitor,) = [each for each in tree.body if isinstance(each, ast.ClassDef)]
    tasks = [each.name for each in visitor.body if isinstance(each, ast.FunctionDef)]
    assert len(set(tasks)) == len(tasks) == len(paths)


@pytest.mark.parametrize("path", ["/login/", "/accounts/sign_in", "/login.php"])
def test_LOAD_01_it_signs_in_where_visitors_do(path: str) -> None:
    """Django's path ends with a slash: what is posted without it is lost, and nobody says so."""
    paths = {"/": 9, path: 2, "/login-help": 5}
    text = scenario.written(paths, domain="shop.example", environment="prod")
    begin, end = text.index("# The same by a form"), text.index("@task")
    lines = [line.removeprefix("    # ") for line in text[begin:end].splitlines()[1:]]
    ast.parse("\n".join(lines))
    assert f'path = "{path}"' in text and f'post("{path}", json=' in text
