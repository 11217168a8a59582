"""Lock files that are older than what they were made from.

The digests of pyproject.toml and Pipfile are what the tools themselves made of these texts.
"""

from __future__ import annotations

import sys

import pytest

from roles.app.locks import stale

from .lock_files import HASH, OTHERS, PROJECT, PYLOCK, SYSTEM, locked, refusal, uv

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

WHOLE = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["idna>=1"]
[project.optional-dependencies]
pg = ["six>=1"]
[dependency-groups]
jobs = ["iniconfig>=2"]
[tool.poetry.group.dev.dependencies]
ruff = "*"
"""
OLD = """
[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.10"
idna = "^3"
[tool.poetry.group.jobs.dependencies]
iniconfig = "^2"
"""
GROUPS = """
[tool.poetry]
package-mode = false
[dependency-groups]
jobs = ["iniconfig>=2"]
"""
MADE_BY_PDM = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["idna>=1"]
[project.optional-dependencies]
pg = ["six>=1"]
[dependency-groups]
Jobs_x = ["iniconfig>=2"]
[tool.pdm.dev-dependencies]
lint = ["ruff"]
[tool.pdm.resolution.overrides]
idna = "3.6"
"""


@pytest.mark.parametrize(
    ("text", "poetry_2_5_1", "poetry_2_0_0"),
    [
        (
            WHOLE,
            "9fc948bc0466c475002b1904e8d89181ed99b4e315cb745870bb56e8aadd4ab8",
            "998602a13a8781ef964d5d69b1c3b8d92ebe68b1713db93dba01c584ba111759",
        ),
        (OLD, "8cb7b35a0fc5863cab17e2f591f263c57eb2c61409382a1245f0c86c1615fb74", ""),
        (
            GROUPS,
            "b56e921b30f2c133f25f106c6c52f03a62c24a91b8331f27a5b83aeb7abb6bc0",
            "115cf985d932e9bf5f540555bbdd75decbb62cac81e399375fc19f6277f8c1d8",
        ),
    ],
)
def test_REL_06_poetry_s_digest_is_known(text: str, poetry_2_5_1: str, poetry_2_0_0: str) -> None:
    made = stale.poetry(tomllib.loads(text))
    assert made == [poetry_2_5_1, poetry_2_0_0 or poetry_2_5_1]


def test_REL_06_pdm_s_digest_is_known() -> None:
    made = stale.pdm(tomllib.loads(MADE_BY_PDM))
    pdm_2_29_4 = "b4ba482abd2b9f4c0f409f39dce43237dc9b5e30b18fa24ff4794bd0323134a7"
    assert made[0] == f"sha256:{pdm_2_29_4}"
    pdm_2_15_4 = "002e000736ab21b8a509ab719ca6631e8439c014d4cd07525ffced26aa9ad026"
    assert f"sha256:{pdm_2_15_4}" in made


def test_REL_06_pipenv_s_digest_is_known() -> None:
    text = """
[packages]
idna = "*"
[jobs]
six = {version = "*", extras = ["x"]}
[pipenv]
allow_prereleases = true
[scripts]
x = "y"
[requires]
python_version = "3.10"
[[source]]
name = "index"
url = "https://index.test/simple"
verify_ssl = true
"""
    pipenv_2026_10_3 = "cae17f06837a21114e2f425a8a79702287e964b3672670a11685b998393ac26e"
    known = tomllib.loads(text)
    assert stale.pipenv(known, []) == pipenv_2026_10_3
    sources = known.pop("source")
    assert stale.pipenv(known, sources) == pipenv_2026_10_3


@pytest.mark.parametrize("lock", OTHERS)
def test_REL_06_a_lock_file_older_than_what_it_was_made_from_is_refused(lock: str) -> None:
    texts = dict(OTHERS[lock])
    made = locked(texts)
    name = "Pipfile" if lock == "Pipfile.lock" else "pyproject.toml"
    # It still has what is asked for: nothing but the digest tells.
    later = texts[name].replace("idna>=1", "idna>=1.1").replace('"*"', '">1"')
    assert later != texts[name]
    # As in a repository: the lock file has the digest of what was there before.
    whole = {**texts, name: later, lock: texts[lock].replace("DIGEST", "0" * 64)}
    said = refusal(whole)
    assert f"{lock} of v1.0.0 was not made from the {name} that lies beside it" in said
    assert 'set app.build.ignore = ["content-hash"]' in said
    assert locked(whole, ignore=["content-hash"])["list"] == made["list"]


MEMBER = '[project]\nname = "lib"\nversion = "1"\ndependencies = ["six"]\n'
WITHIN = '[package.metadata]\nrequires-dist = [{ name = "six" }]\n'


@pytest.mark.parametrize(
    ("old", "new", "fresh"),
    [
        ('"idna>=3"', '"idna>=3.1"', False),
        ('"idna>=3"', '"idna[all]>=3"', False),
        ('"idna>=3"', '"IDNA >= 3"', True),
        ('"idna>=3"', '"idna>=3", "six; sys_platform == \'win32\'"', False),
        ('"idna>=3"', '"idna>=3", "shop[pg]"', True),
        ('requires-python', 'optional-dependencies.pg = ["six"]\nrequires-python', False),
        ('"idna>=3"', '"idna>=3", "six @ https://a.test/six.whl"', False),
        ("[tool.uv.sources]", '[dependency-groups]\njobs = ["six"]\n[tool.uv.sources]', False),
        ('dependencies = ["idna>=3", "lib"]', 'dynamic = ["dependencies"]', True),
    ],
)  # fmt: skip
def test_REL_06_uv_s_own_note_of_what_it_locked_is_compared(
    old: str, new: str, fresh: bool
) -> None:
    texts = uv(project=PROJECT.replace(old, new) + SYSTEM)
    assert texts["pyproject.toml"] != PROJECT + SYSTEM
    if fresh:
        assert locked(texts)["list"]
        return
    assert "uv.lock of v1.0.0 was not made from the pyproject.toml" in refusal(texts)
    assert locked(texts, ignore=["content-hash"])["list"]


def test_REL_06_members_of_a_workspace_are_compared_too() -> None:
    texts = {**uv(), "packages/lib/pyproject.toml": MEMBER}
    texts["uv.lock"] = texts["uv.lock"].replace(
        'dependencies = [{ name = "six" }]\n\n',
        f'dependencies = [{{ name = "six" }}]\n\n{WITHIN}\n',
    )
    assert locked(texts)["list"]
    texts["packages/lib/pyproject.toml"] = MEMBER.replace('"six"', '"six>1"')
    assert "not made from the packages/lib/pyproject.toml" in refusal(texts)


def test_REL_06_pylock_is_a_list_with_hashes() -> None:
    texts = {"pylock.toml": PYLOCK}
    made = locked(texts)
    on, off = 'python_version >= "0"', 'python_version < "0"'
    assert made["list"] == [
        f"idna==1.5 ; {on} --hash={HASH}",
        f'colorama==1.5 ; sys_platform == "win32" and {on} --hash={HASH}',
        f"psycopg==3 ; {off} --hash={HASH}",
        f"six @ https://a.test/six.tar.gz ; {off} --hash={HASH}",
    ]
    assert "own @ git+https://git.test/own@" in made["scripts"][0]
    assert made["scripts"][0].endswith("#subdirectory=py' ./libs/lib")
    chosen = locked(texts, groups=["jobs"], extras=["pg"])["list"]
    assert chosen[2:] == [line.replace(off, on) for line in made["list"][2:]]
    assert "it has no absent" in refusal(texts, groups=["absent"])
    assert "has own @ git" in refusal(texts, require_hashes=True)
    project = {**texts, "pyproject.toml": '[project]\ndependencies = ["flask"]\n'}
    assert "asks for flask, and pylock.toml has it not" in refusal(project)
