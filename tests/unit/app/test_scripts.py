"""A script that a Procfile's line starts: what it does before its server is no job of a process."""

from __future__ import annotations

import pytest

from roles.app import scripts
from roles.app.process_layout import lay_out
from roles.app.source import resolve
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import Repository, settings

MACHINE = Machine.example(cores=2)
SCRIPT = """\
#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")"

export A=1  # for both
python manage.py migrate --noinput
python manage.py createcachetable \\
    --database default
exec gunicorn shop.wsgi --bind 0.0.0.0:8000
"""


@pytest.mark.parametrize(
    ("line", "script"),
    [
        ("bash Procfile.sh", "Procfile.sh"),
        ("exec /bin/sh -eu ./bin/start", "bin/start"),
        ("cd src && A=1 ./start.sh", "src/start.sh"),
        ("sh -c 'a && b'", ""),
        ("bash start.sh web", ""),  # what it does with its arguments nobody knows
        ("bash /opt/start.sh", ""),
        ("bash ../start.sh", ""),
        ("gunicorn app:app", ""),
    ],
)
def test_APP_11_the_script_of_a_line(line: str, script: str) -> None:
    assert scripts.path(line) == script


def test_APP_11_a_script_s_jobs_are_refused_with_the_two_lines(repository: Repository) -> None:
    files = {"Procfile": "web: bash bin/start.sh\nrelease: a\n", "bin/start.sh": SCRIPT}
    repository.commit("v1.0.0", requirements__txt="", **files)
    release = resolve(str(repository.path), "v1.0.0").release
    with pytest.raises(OperatorError) as refused:
        lay_out(settings(), MACHINE, release)
    said = str(refused.value)
    assert said.startswith("Procfile, web: 'python manage.py migrate --noinput' would run with")
    jobs = (
        "a && cd bin && export A=1 && python manage.py migrate --noinput"
        " && python manage.py createcachetable --database default"
    )
    assert f"`release: {jobs}`" in said
    assert "`web: cd bin && export A=1 && gunicorn shop.wsgi --bind 0.0.0.0:8000`" in said
    as_it_is = "bash bin/start.sh"
    assert f'set app.web.command = "{as_it_is}"' in said
    kept = lay_out(settings(web={"command": as_it_is}), MACHINE, release)
    assert kept.web.command == as_it_is
    assert lay_out(settings(web={"instances": 1}), MACHINE, release).web.command == as_it_is


@pytest.mark.parametrize(
    "text",
    [
        "export A=1\nexec gunicorn a:b\n",
        "if true; then python migrate.py; fi\ngunicorn a:b\n",
        'python migrate.py\nexec "$@"\n',
        "cat <<E\nits\nE\ngunicorn a:b\n",
        "python 'migrate\ngunicorn a:b\n",
        "python migrate.py || exit 1\ngunicorn a:b\n",
        "",
    ],
)
def test_APP_11_a_script_of_no_jobs_or_of_more_than_a_row_is_run_as_it_is(
    repository: Repository, text: str
) -> None:
    repository.commit("v1", requirements__txt="", **{"Procfile": "web: sh s.sh\n", "s.sh": text})
    release = resolve(str(repository.path), "v1").release
    assert lay_out(settings(), MACHINE, release).web.command == "sh s.sh"


def test_APP_11_a_link_is_not_followed(repository: Repository) -> None:
    (repository.path / "start.sh").symlink_to("/etc/passwd")
    repository.commit("v1", requirements__txt="", Procfile="web: sh start.sh\n")
    assert resolve(str(repository.path), "v1").release.scripts == {}
