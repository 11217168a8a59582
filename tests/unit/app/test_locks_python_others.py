"""Lock files of Poetry, PDM and Pipenv: what each comes to, and what in it is no pin."""

from __future__ import annotations

import json

import pytest

from roles.app.locks import pyproject

from .lock_files import (
    COMMIT,
    HASH,
    OTHERS,
    PDM,
    PIPENV,
    PLAIN,
    POETRY,
    locked,
    names,
    refusal,
    release,
)


@pytest.mark.parametrize("lock", OTHERS)
def test_REL_06_other_lock_files_are_lists_with_hashes_too(lock: str) -> None:
    texts = OTHERS[lock]
    made = locked(texts, require_hashes=True)
    assert made["list"] == [
        f"idna==1.5 --hash={HASH}",
        f"colorama==1.5 ; sys_platform == 'win32' --hash={HASH}",
    ]
    ends = [step.rpartition(" ")[2] for step in made["scripts"]]
    assert ends == (["check"] if lock == "Pipfile.lock" else ["."])
    assert names(locked(texts, groups=["jobs"])) == ["idna", "colorama", "six"]
    assert "has no absent" in refusal(texts, groups=["absent"])


@pytest.mark.parametrize("lock", OTHERS)
def test_REL_06_other_lock_files_that_do_not_fit_are_refused(lock: str) -> None:
    texts = dict(OTHERS[lock])
    name = "Pipfile" if lock == "Pipfile.lock" else "pyproject.toml"
    texts[name] = texts[name].replace('"idna>=1"', '"flask"').replace("idna =", "flask =")
    assert f"asks for flask, and {lock} has it not" in refusal(texts)


def test_REL_06_what_poetry_says_of_extras_and_addresses() -> None:
    extra = '\n[[package]]\nname = "pg"\nversion = "2"\noptional = true\ngroups = ["main"]\n'
    extra += (
        f'markers = \'extra == "pg" and python_version > "3"\'\nfiles = [{{hash = "{HASH}"}}]\n'
    )
    git = '\n[[package]]\nname = "own"\nversion = "1"\ngroups = ["main"]\nfiles = []\n'
    git += '[package.source]\ntype = "git"\nurl = "https://git.test/own"\n'
    git += 'resolved_reference = "' + COMMIT + '"\n'
    path = (
        git.replace("own", "near")
        .replace('"git"', '"directory"')
        .replace("https://git.test/near", "libs/near")
    )
    texts = {
        "poetry.lock": extra + git + path + POETRY + '[extras]\npg = ["pg"]\n',
        "pyproject.toml": PLAIN,
    }
    made = locked(texts)
    assert f'pg==2 ; python_version < "0" and python_version > "3" --hash={HASH}' in made["list"]
    chosen = locked(texts, extras=["pg"])["list"]
    assert f'pg==2 ; python_version >= "0" and python_version > "3" --hash={HASH}' in chosen
    assert made["scripts"][0].endswith(
        f"--no-deps 'own @ git+https://git.test/own@{COMMIT}' ./libs/near"
    )
    assert f"has own @ git+https://git.test/own@{COMMIT} in poetry.lock" in refusal(
        texts, require_hashes=True
    )


def test_REL_06_lock_files_that_do_not_say_enough_are_refused() -> None:
    old = POETRY.replace("2.1", "2.0")
    said = refusal({"poetry.lock": old, "pyproject.toml": PLAIN})
    assert "(lock-version 2.0)" in said and "by `pipx run 'poetry>=2' lock`" in said
    old = PDM.replace("inherit_metadata", "cross_platform")
    said = refusal({"pdm.lock": old, "pyproject.toml": PLAIN})
    assert "(strategy cross_platform)" in said and "-S inherit_metadata`" in said
    assert "Pipfile.lock of v1.0.0" in refusal({"Pipfile.lock": "{"})


def test_REL_06_what_comes_from_a_folder_or_a_repository_is_not_looked_for_among_pins() -> None:
    pipfile = {
        "packages": {
            "idna": "*",
            "shop": {"path": ".", "editable": True},
            "foo": {"git": "g", "ref": "v1"},
        }
    }
    assert pyproject.of_an_index(pipfile, "packages") == ["idna"]
    project = {
        "project": {"dependencies": ["my-lib (>=1)", "idna"]},
        "tool": {"poetry": {"dependencies": {"My_Lib": {"path": "lib"}}}},
    }
    assert pyproject.dependencies(project) == ["idna"]


def test_REL_06_a_name_that_is_none_is_said() -> None:
    assert pyproject.missing(["a b"], ["idna==3.6"]) == "a b"


def test_REL_06_a_repository_of_a_folder_and_a_repository_is_installed() -> None:
    lock = json.loads(PIPENV)
    lock["default"]["shop"] = {"editable": True, "path": "."}
    lock["default"]["django-foo"] = {"git": "https://git.test/foo", "ref": COMMIT}
    pipfile = """[packages]
idna = {version = "*", extras = ["x"], index = "pypi"}
shop = {path = ".", editable = true}
django-foo = {git = "https://git.test/foo", ref = "v1"}
"""
    texts = {"Pipfile.lock": json.dumps(lock), "Pipfile": pipfile}
    # None of them is left out.
    assert names(locked(texts)) == ["idna", "colorama"]
    install = locked(texts)["scripts"][0]
    assert install.endswith(f"--no-deps . 'django-foo @ git+https://git.test/foo@{COMMIT}'")
    assert "asks for idna" in refusal({**texts, "Pipfile.lock": '{"default": {}}'})


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ('dependencies]\nmy_lib = {path = "lib"}', []),
        ('group.dev.dependencies]\nMy_Lib = {git = "https://git.test/lib"}', []),
        ('group.dev.dependencies]\nmy_lib = "*"', ["my-lib (>=1)"]),
    ],
)
def test_REL_06_what_poetry_s_groups_take_from_elsewhere_is_no_pin(
    table: str, found: list[str]
) -> None:
    text = f'[project]\ndependencies = ["my-lib (>=1)"]\n[tool.poetry.{table}\n'
    project = pyproject.read(release({"pyproject.toml": text}))
    assert pyproject.dependencies(project) == found


def test_REL_06_a_name_that_is_none_in_a_pipfile_is_said() -> None:
    pipfile = '[packages]\n"a b" = "*"\n'
    assert "asks for a b, and Pipfile.lock has it not" in refusal(
        {"Pipfile.lock": PIPENV, "Pipfile": pipfile}
    )
