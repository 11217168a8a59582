"""An application's own build steps keep what the default ones give."""

from __future__ import annotations

import json

import pytest

from tests.host.application import NAME

from .shop import Shop

STEPS = [
    "python3 -m venv .venv",
    ".venv/bin/pip install -q --no-compile -r requirements.txt",
]


@pytest.mark.timeout(300)
def test_APP_11_own_steps_leave_nothing_to_compile_at_a_start(shop: Shop) -> None:
    """A release is read-only, so what its processes import and is not compiled is compiled anew
    with each start; a file that no Python takes is nobody's concern."""
    if shop.example != "fastapi":
        pytest.skip("of Python")
    tag = shop.tag({"templates/new.py": "{{ cookiecutter.name }} = not Python\n"})
    shop.deploy(tag, READYHOST_APP__BUILD__STEPS=json.dumps(STEPS))
    assert shop.serves() == tag
    look = (
        "import pathlib, sys, importlib.util as u; own = pathlib.Path('app');"
        " found = [p for r in (own, pathlib.Path('.venv/lib')) for p in r.rglob('*.py')];"
        " print(len(found), [str(p) for p in found"
        " if not pathlib.Path(u.cache_from_source(str(p))).exists()][:9])"
    )
    said = shop.ssh(f'cd /srv/{NAME}/current && .venv/bin/python -c "{look}"')
    count, missing = said.split(" ", 1)
    assert (int(count) > 500, missing) == (True, "[]")
