"""How many processes a command makes, and what each of them may use."""

from __future__ import annotations

import pytest

from roles.app import forks
from roles.app.process_layout import lay_out
from roles.app.processes import Web
from roles.app.releases import Release
from roles.app.sizing import Tree, ceiling_mb, heap_mb, instances
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import settings


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("gunicorn shop.wsgi --workers 4 --bind unix:$SOCKET", 4),
        ("gunicorn -w4 shop.wsgi", 4),
        ("cd src && python -m gunicorn --workers=3 shop.wsgi", 3),
        ("gunicorn shop.wsgi", 0),
        ("gunicorn -w 1 shop.wsgi", 0),
        ("gunicorn -w ${WORKERS:-4} shop.wsgi", 0),
        ("WEB_CONCURRENCY=3 gunicorn shop.wsgi", 3),
        ("WEB_CONCURRENCY=3 node cluster.js", 3),
        ("/srv/x/.venv/bin/uvicorn shop:app --uds $SOCKET --workers 2", 2),
        ("uwsgi --http-socket $SOCKET -p 5 --master --module shop", 5),
        ("celery -A shop worker -c 8", 8),
        ("celery -A shop worker --pool=threads -c 8", 0),
        ("node worker.js -w 4", 0),
        ("sh -c 'echo", 0),
    ],
)
def test_APP_11_a_command_that_says_how_often_it_forks(command: str, number: int) -> None:
    assert forks.told(command) == number


def test_APP_11_a_tree_is_sized_as_a_whole() -> None:
    host = Machine.example(cores=2, memory_mb=8192)
    four = Tree(4)
    assert instances(settings(), host, "python") == 5
    assert instances(settings(), host, "python", tree=four) == 1
    assert instances(settings(), host, "python", tree=Tree(2)) == 2
    assert instances(settings(), host, "node", tree=four) == 1
    assert ceiling_mb(Web(), settings(), host, four) == 4096
    assert heap_mb(Web(), 4096, four) == 614  # 75 % of it in five equal parts
    with pytest.raises(OperatorError, match="a heap of 512 MiB of 4 forks does not fit"):
        heap_mb(Web(heap_mb=512), 2048, four)
    with pytest.raises(OperatorError, match=r"9 web processes and 0 workers .* app.web.forks"):
        instances(settings(), Machine.example(memory_mb=1024), "python", tree=Tree(8))
    with pytest.raises(OperatorError, match="is 10 of 4 forks beside 0 workers"):
        instances(settings(web={"instances": 10}), host, "python", tree=four)


def test_APP_11_each_fork_has_its_connections_and_is_told_of_the_others() -> None:
    lines = "web: gunicorn -w 4 shop\nmail: celery worker -c 2\n"
    release = Release("v1", "0" * 40, "python", frozenset(), lines)
    made = lay_out(settings(), Machine.example(memory_mb=8192), release)
    assert (made.web.instances, made.web.tree.forks, made.processes) == (1, 4, 6)
    assert made.pool_size == 36 // 6
    chosen = settings(web={"forks": 0})
    assert lay_out(chosen, Machine.example(memory_mb=8192), release).web.instances == 5
