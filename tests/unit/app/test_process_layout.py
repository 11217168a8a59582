"""What runs, from the settings and the release's own Procfile."""

from __future__ import annotations

import pytest

from roles.app.process_layout import lay_out
from roles.app.procfile import beside, kind, parse, start_script
from roles.app.releases import Release
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import settings

MACHINE = Machine.example(cores=2)


def release(procfile: str = "", package: str = "", what: str = "python") -> Release:
    return Release("v1", "0" * 40, what, frozenset(), procfile, package)


def test_each_line_of_a_procfile_has_its_place() -> None:
    lines = "web: uvicorn a:b --uds $SOCKET\nworker: python -m w\nclean: python -m c\nrelease: m\n"
    app = settings(jobs={"clean": {"schedule": "daily"}}, workers={"worker": {"instances": 2}})
    process_layout = lay_out(app, MACHINE, release(lines))
    assert (process_layout.web.command, process_layout.web.instances) == (
        "uvicorn a:b --uds $SOCKET",
        5,
    )
    assert [(w.name, w.command, w.instances) for w in process_layout.workers] == [
        ("worker", "python -m w", 2)
    ]
    assert [(j.name, j.command) for j in process_layout.jobs] == [("clean", "python -m c")]
    assert process_layout.release_steps == ("m",)
    assert process_layout.pool_size == 36 // 7


def test_a_line_without_settings_is_a_worker() -> None:
    process_layout = lay_out(settings(), MACHINE, release("web: a\nmailer: b\n"))
    assert [(w.name, w.instances, w.memory_mb) for w in process_layout.workers] == [
        ("mailer", 1, 1024)
    ]


def test_settings_go_before_the_procfile() -> None:
    app = settings(web={"command": "mine"}, release_steps=["one", "two"])
    process_layout = lay_out(app, MACHINE, release("web: theirs\nrelease: theirs\n"))
    assert (process_layout.web.command, process_layout.release_steps) == ("mine", ("one", "two"))
    assert (
        lay_out(settings(release_steps=[]), MACHINE, release("web: a\nrelease: b")).release_steps
        == ()
    )


def test_node_starts_what_package_json_says() -> None:
    process_layout = lay_out(
        settings(), MACHINE, release("", '{"scripts": {"start": "node s.js"}}', "node")
    )
    assert (process_layout.web.command, process_layout.web.instances) == ("node s.js", 2)
    assert process_layout.web.heap_mb == 768


@pytest.mark.parametrize(
    ("values", "procfile", "reason"),
    [
        ({}, "", "no command for the process 'web'.*app.web.command"),
        ({"workers": {"w": {}}}, "web: a", "app.workers.w.command"),
        ({"jobs": {"j": {"schedule": "daily"}}}, "web: a", "app.jobs.j.command"),
        ({}, "web a", "Procfile of v1: line 1"),
        ({}, "web: a\n\nweb: b", "line 3 names 'web' again"),
    ],
)
def test_refuses(values: dict, procfile: str, reason: str) -> None:
    with pytest.raises(OperatorError, match=reason):
        lay_out(settings(**values), MACHINE, release(procfile))


def test_procfile() -> None:
    assert parse("# c\n\nWeb : a b: c \nmy_worker: d\n") == {"web": "a b: c", "my-worker": "d"}
    assert start_script("not json") is None
    assert start_script("[]") is None
    assert start_script('{"scripts": []}') is None


def test_kind() -> None:
    assert kind({"package.json", "requirements.txt"}) == ""  # asked about
    assert kind({"pyproject.toml"}) == "python"
    assert kind({"Cargo.toml"}) == "command"


@pytest.mark.parametrize(
    ("files", "web", "wanted"),
    [
        ("package.json manage.py requirements.txt", "", "python"),
        ("package.json manage.py", "", "python"),
        ("package.json manage.py requirements.txt", "sh start.sh", "python"),
        ("package.json manage.py requirements.txt", "node server.js", "node"),
        ("package.json", "gunicorn shop.wsgi", "python"),
        ("package.json poetry.lock", "uvicorn shop:app", "python"),
        ("package.json setup.py", "", ""),
        ("package.json", "sh start.sh", "node"),
        ("requirements.txt", "sh start.sh", "python"),
    ],
)
def test_APP_11_a_front_end_s_package_json_does_not_make_a_server_one_of_node(
    files: str, web: str, wanted: str
) -> None:
    assert kind(set(files.split()), f"web: {web}\n" if web else "") == wanted


def test_APP_11_what_was_passed_over_is_said_with_the_setting() -> None:
    files = {"package.json", "manage.py", "requirements.txt"}
    assert (
        'the package.json beside it is not installed; if it is a Node.js one, set app.kind = "n'
        in (beside(files, "python"))
    )
    assert "Node.js application, and the manage.py beside it" in beside(files, "node")
    assert beside({"package.json"}, "node") == beside({"manage.py"}, "python") == ""
    assert beside(files, "command") == ""


def test_APP_11_a_front_end_s_start_script_is_not_a_server_in_python() -> None:
    package = '{"scripts": {"start": "vite"}}'
    with pytest.raises(OperatorError, match=r"no command for the process 'web'"):
        lay_out(settings(), MACHINE, release("", package, "python"))
    assert lay_out(settings(), MACHINE, release("", package, "node")).web.command == "vite"
