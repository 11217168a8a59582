"""A runtime is one file, and its name in one list."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

from roles.app import runtimes

ROOT = Path(__file__).resolve().parents[3]
GO = '''"""Go."""

from .runtime import Recipe, Runtime


class Go(Runtime):
    """Builds one program."""

    name = "go"
    title = "Go"
    files = frozenset({"go.mod"})
    reads = ("go.mod",)
    variables = {"GOTRACEBACK": "none"}
    writes_machine_code = False

    def packages(self, settings, machine, kinds):
        return ["golang"] if "go" in kinds else []

    def version(self, settings, machine):
        return "1.18"

    def recipe(self, settings, release, machine):
        return Recipe(steps=["go build -o server ."])

    def processes(self, cores):
        return 1


RUNTIME = Go()
'''
DEPLOYED = """
import json
from roles.app import files, procfile
from roles.app.facts import packages
from roles.app.placed import Placed
from roles.app.releases import Release
from roles.app.settings import App
from roles.core.machine import Machine

names = frozenset({"go.mod", "package.json"})
lines = "web: ./server"
assert procfile.kind(names) == "" and procfile.kind(names - {"package.json"}) == "go"
settings = App(repository="/nowhere", secret_key="0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2, kind="go")
machine = Machine.example("jammy", cores=4)
placed = Placed(settings, machine, Release("v1.0.0", "0" * 40, "go", names, lines))
made = {e.path: e for e in files.entries(placed, environment="production", values=VALUES)}
unit = made["/etc/app/next/units/blue/app-web-blue@.service"].data.decode()
print(json.dumps({
    "build": json.loads(made["/etc/app/next/release.json"].data)["build"],
    "env": made["/etc/app/next/env"].data.decode(),
    "unit": unit,
    "processes": placed.layout.web.instances,
    "packages": packages(settings, machine, {"go"}),
    "without": packages(settings, machine, {"python"}),
}))
"""


def test_the_list_has_each_file_and_each_file_its_name() -> None:
    folder = ROOT / "roles/app/runtimes"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "runtime"}
    assert set(get_args(runtimes.Kind)) == files
    assert all(runtimes.of(kind).name == kind for kind in files)


def test_nothing_else_knows_a_language_by_name() -> None:
    known = {each.name for each in runtimes.every() if each.title}
    told = [f'"{name}"' for name in known]
    for path in (ROOT / "roles/app").glob("*.py"):
        lines = path.read_text().splitlines()
        found = [line for line in lines if "kind" in line and any(name in line for name in told)]
        assert path.name == "releases.py" or not found, (path, found)


def test_a_further_language_is_one_file_and_its_name(tmp_path: Path) -> None:
    for folder in ("roles", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__py*"))
    listed = tmp_path / "roles/app/runtimes/__init__.py"
    text = listed.read_text()
    listed.write_text(text.replace('"command", "static"]', '"command", "static", "go"]'))
    (tmp_path / "roles/app/runtimes/go.py").write_text(GO)
    known = {"domain": "shop.test", "database.name": "app", "database.url": "postgresql:///app"}
    script = DEPLOYED.replace("VALUES", repr(known))
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    made = json.loads(run.stdout)
    assert (made["build"]["runtime"], made["build"]["steps"]) == (
        "go 1.18",
        ["go build -o server ."],
    )
    assert "GOTRACEBACK='none'" in made["env"]
    assert "MemoryDenyWriteExecute" in made["unit"] and "NODE_OPTIONS" not in made["unit"]
    assert made["processes"] == 1
    assert "golang" in made["packages"] and "golang" not in made["without"]
