"""Lock files of Python: which counts, and what uv's, a list, or none at all comes to."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from roles.app.locks import python
from roles.app.settings import Build
from roles.core.errors import OperatorError

from .lock_files import (
    COMMIT,
    HASH,
    INDEX,
    OTHERS,
    PLAIN,
    PROJECT,
    UV,
    locked,
    names,
    refusal,
    release,
    uv,
)


def test_REL_06_uv_lock_is_a_list_with_hashes_and_what_is_the_release_s_own() -> None:
    made = locked(uv())
    assert made["list"] == [f"idna==3.6 --hash={HASH}", f"six==1.17.0 --hash={HASH}"]
    install = ".venv/bin/pip --disable-pip-version-check --quiet install"
    assert made["steps"][1:] == [f"{install} --require-hashes --no-deps -r ~/requirements.txt"]
    # Never in the part that later releases share, and never a link to this one's folder.
    assert made["scripts"] == [f"{install} --no-deps . ./packages/lib"]
    plain = locked(uv("virtual", PROJECT))
    assert plain["scripts"] == [f"{install} --no-deps ./packages/lib"]
    assert locked(uv(), ignore=["build-system"])["scripts"] == plain["scripts"]


def test_REL_06_nobody_s_lock_file_above_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    members = f'[tool.uv.workspace]\nmembers = ["*", "*/*"]\n{PLAIN}'.replace("shop", "planted")
    (tmp_path / "pyproject.toml").write_text(members)
    (tmp_path / "uv.lock").write_text("planted")
    project = re.sub(r"(?s)\[tool.uv.workspace.*", "", PROJECT)
    texts = uv("virtual", project.replace(', "lib"', ""))
    made = locked(texts, ignore=["content-hash"])
    assert made["list"][0] == f"idna==3.6 --hash={HASH}"


def test_REL_06_groups_are_chosen_by_a_setting() -> None:
    assert "iniconfig" not in names(locked(uv()))
    assert "iniconfig" in names(locked(uv(), groups=["jobs"]))
    assert "Group `other` is not defined" in refusal(uv(), groups=["other"])


def test_REL_06_a_lock_file_that_does_not_fit_is_refused() -> None:
    for dependency in ("flask", "idna>=3.7"):
        project = PROJECT.replace('"idna>=3"', f'"idna", "{dependency}"')
        assert f"asks for {dependency}, and uv.lock has it not" in refusal(uv(project=project))
    assert "uv.lock of v1.0.0:" in refusal({**uv(), "uv.lock": "version = 99"})


@pytest.mark.parametrize(
    ("files", "ignored"),
    [
        (["uv.lock", "poetry.lock"], "poetry.lock"),
        (["uv.lock", "requirements.txt"], "requirements.txt"),
        (["pdm.lock", "Pipfile.lock"], "Pipfile.lock"),
        (["poetry.lock", "requirements.txt"], "requirements.txt"),
    ],
)
def test_REL_06_of_several_lock_files_a_setting_chooses(files: list[str], ignored: str) -> None:
    said = refusal(dict.fromkeys(files, ""))
    assert f"has {' and '.join(files)}" in said
    assert f'app.build.ignore to what does not count, such as ["{ignored}"]' in said


def test_REL_06_a_list_with_hashes_is_taken_with_all_of_them() -> None:
    for text, flag in ((f"six==1 \\\n  --hash={HASH}\n", " --require-hashes"), ("six==1\n", "")):
        made = locked({"requirements.txt": text})
        assert made["steps"][1].endswith(f"install{flag} -r requirements.txt")


def test_REL_06_what_has_no_hashes_is_told_and_can_be_refused() -> None:
    git = UV.replace(INDEX, f'git = "https://git.test/idna?rev=v1#{COMMIT}"', 1)
    git = re.sub(r"(#.*\n)wheels.*", r"\1", git.replace("SOURCE", "virtual"))
    git = git.replace('    { name = "idna", specifier = ">=3" },\n', "")
    project = PROJECT.replace('"idna>=3", ', "")
    for texts, why in (
        ({"requirements.txt": "six==1\n"}, "its requirements.txt has no hashes"),
        ({"pyproject.toml": PROJECT}, "no lock file says which versions"),
        (uv(), ""),
        ({"requirements.txt": f"six==1 --hash={HASH}\n"}, ""),
        ({"pyproject.toml": project, "uv.lock": git}, ""),
    ):
        _, said = python.dependencies(Build(), release(texts))
        assert said.startswith(why)
        assert bool(said) == bool(why)
    for texts in ({"requirements.txt": "six==1\n"}, {"pyproject.toml": PROJECT}):
        assert "app.build.require_hashes is set" in refusal(texts, require_hashes=True)
    said = refusal({"pyproject.toml": project, "uv.lock": git}, require_hashes=True)
    assert f"idna @ git+https://git.test/idna@{COMMIT} in uv.lock" in said
    assert locked(uv(), require_hashes=True)


def test_REL_06_a_lock_file_above_the_application_is_not_left_out_silently() -> None:
    known = replace(release({"pyproject.toml": PLAIN}), above=frozenset({"uv.lock", "yarn.lock"}))
    with pytest.raises(OperatorError, match=r"and uv\.lock above it.* set app\.directory"):
        python.dependencies(Build(), known)
    made, _ = python.dependencies(Build(ignore=("uv.lock",)), known)
    assert made["steps"][1].endswith("install .")
    own = replace(release(OTHERS["poetry.lock"]), above=known.above)
    assert python.dependencies(Build(), own)[0]["list"]


def test_REL_06_an_address_with_a_hash_is_no_pin() -> None:
    url = "https://files.test/idna-3.6-py3-none-any.whl"
    lock = UV.replace(INDEX, f'url = "{url}"', 1).replace(f'url = "{url}", hash', "hash")
    lock = re.sub(r"(wheels = \[\{ )url = \"[^\"]+idna[^\"]+\"", rf'\1url = "{url}"', lock)
    project = PROJECT.replace("lib = {", f'idna = {{ url = "{url}" }}\nlib = {{')
    made = locked({"uv.lock": lock.replace("SOURCE", "virtual"), "pyproject.toml": project})
    assert made["list"][0] == f"idna @ {url} --hash={HASH}"


def test_REL_06_a_server_that_says_nowhere_what_it_needs_is_refused_before_the_build() -> None:
    lost = replace(release({}), files=frozenset({"manage.py", "requirements"}))
    with pytest.raises(OperatorError, match=r"says nowhere which Python packages it needs: add a"):
        python.dependencies(Build(), lost)
