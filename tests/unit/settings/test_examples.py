"""The examples and the schema show the model as it is, and can be used as they are."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from roles.core.environment.command import command, examples
from roles.core.environment.example import env_example, toml_example
from roles.core.environment.keys import fields
from roles.core.environment.places import KeyPath as Key
from roles.core.environment.places import find
from settings import DIRECTORY, Settings, load

from .conftest import ENV, Files

ED25519 = base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0 " + bytes(range(32))).decode()
NEEDED = {
    'domain = ""': 'domain = "shop.example"',
    'repository = ""': 'repository = "/srv/git/shop.git"',
}


@pytest.mark.parametrize("file", examples(Settings, DIRECTORY), ids=lambda file: file.name)
def test_the_committed_file_is_current(file: Path) -> None:
    text = examples(Settings, DIRECTORY)[file]
    assert file.read_text() == text, "run: python -m settings examples"


def filled(text: str) -> str:
    for empty, value in NEEDED.items():
        text = re.sub(rf"^{re.escape(empty)}.*$", value, text, flags=re.MULTILINE)
    return text


def test_the_example_is_valid_once_what_is_needed_is_filled_in(files: Files) -> None:
    before = files.load()
    files.toml(filled(toml_example(Settings)))
    assert files.load() == before


def test_the_example_as_it_is_says_what_is_needed(files: Files) -> None:
    files.toml(toml_example(Settings))
    keys = [line.split(": ")[1] for line in files.errors()]
    assert keys == ["domain", "app.repository"]


def test_every_default_in_the_example_is_the_default(files: Files) -> None:
    before = files.load()
    kept, example_only = [], 0
    for line in filled(toml_example(Settings)).splitlines():
        if re.match(r"# \[", line):
            example_only = 1  # a table with NAME, or of a list: no default has one
        elif line.startswith("["):
            example_only = 0
        # Prose has no `key = value`; what is not set by default says so.
        default = re.match(r"# ([a-z_0-9]+ = .*|    \".*\",|\])$", line)
        if default and not example_only and "not set by default" not in line:
            kept.append(line.removeprefix("# "))
        else:
            kept.append(line)
    text = "\n".join(kept)
    assert text.count("\n# ") > 100
    files.toml(text.replace('environment = "production"', 'environment = "test"'))
    assert files.load() == before


def test_every_key_is_in_one_of_the_examples() -> None:
    toml, env = toml_example(Settings), env_example(Settings)

    def described(path: Key, text: str) -> bool:
        place = find(Settings, path)
        assert place
        name = re.escape(str(path[-1]))
        if place.items and place.items.model:
            return re.search(rf"^# \[\[?[a-z.]*{name}[.\]]", text, re.MULTILINE) is not None
        return re.search(rf"^(# )?{name} = ", text, re.MULTILINE) is not None

    for path, _ in fields(Settings):
        place = find(Settings, path)
        assert place and place.description, f"{path} says nothing of itself"
        if place.secret:
            assert "__".join(str(key).upper() for key in path) in env
        else:
            assert described(path, toml), path


def test_the_example_of_secrets_lists_them_and_no_value() -> None:
    lines = [line for line in env_example(Settings).splitlines() if "READYHOST_" in line]
    assert [line for line in lines if not line.startswith("#")] == [f"{name}=" for name in ENV]
    assert "# READYHOST_APP__SENTRY_DSN=" in lines
    assert "# READYHOST_APP__SECRETS__NAME=" in lines
    assert "# READYHOST_POSTGRES__ROLES__NAME__PASSWORD=" in lines
    assert all(line.endswith("=") for line in lines)


def schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((DIRECTORY / "schema.json").read_text())
    return read


def test_the_schema_knows_each_key_and_no_secret() -> None:
    definitions = schema()["$defs"]
    assert definitions["Redis"]["properties"]["port"]["maximum"] == 65_535
    assert definitions["App"]["required"] == ["repository"]
    assert definitions["App"]["additionalProperties"] is False
    assert "password" not in definitions["Redis"]["properties"]
    assert not {"secret_key", "secrets", "sentry_dsn"} & set(definitions["App"]["properties"])
    assert '"format": "password"' not in json.dumps(schema())


def test_committed_values_name_the_schema() -> None:
    for file in DIRECTORY.glob("*.toml*"):
        if not file.name.startswith(("prod.toml", "staging.toml")) or file.suffix == ".example":
            assert file.read_text().startswith("#:schema ./schema.json\n"), file


def make(folder: Path, name: str) -> int:
    (folder / "prod.py").write_text((DIRECTORY / "prod.py").read_text())
    return command(Settings, lambda chosen: load(chosen, folder, data=()), folder, ["new", name])


def test_a_new_environment_has_random_secrets_for_its_owner_alone(tmp_path: Path) -> None:
    assert make(tmp_path, "one") == 0
    assert make(tmp_path, "two") == 0
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["one.env", "one.py", "one.toml", "prod.py", "two.env", "two.py", "two.toml"]
    assert (tmp_path / "one.env").stat().st_mode & 0o777 == 0o600
    values = [
        line.partition("=")[2]
        for name in ("one", "two")
        for line in (tmp_path / f"{name}.env").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert len(set(values)) == len(values) == 2 * len(ENV)


def test_a_new_environment_needs_its_domain_and_repository_and_no_more(tmp_path: Path) -> None:
    make(tmp_path, "one")
    toml = tmp_path / "one.toml"
    empty = [line for line in toml.read_text().splitlines() if " = " in line and line[0] != "#"]
    assert [line.partition("  #")[0] for line in empty] == list(NEEDED)
    toml.write_text(filled(toml.read_text()))
    assert load("one", tmp_path, data=()).environment == "one"


def test_a_new_environment_never_writes_over_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, "one")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    capsys.readouterr()
    make(tmp_path, "one")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert capsys.readouterr().out.count("is there already, left as it is") == 3


def test_a_new_application_gets_its_secrets_and_the_others_keep_theirs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, "one")
    env = tmp_path / "one.env"
    env.write_text("READYHOST_BACKUP__PASSPHRASE=5d41402abc4b2a76b9719d911017c592")  # no line's end
    (tmp_path / "one.toml").write_text(
        'hosts = ["192.0.2.1"]\n[apps.shop]\nrepository = "/r"\ndomain = "shop.example"\n'
    )
    make(tmp_path, "one")
    first, *new = env.read_text().splitlines()
    assert first == "READYHOST_BACKUP__PASSPHRASE=5d41402abc4b2a76b9719d911017c592"
    assert [line.partition("=")[0] for line in new] == [
        "READYHOST_APPS__SHOP__SECRET_KEY",
        "READYHOST_APPS__SHOP__DATABASE__PASSWORD",
        "READYHOST_APPS__SHOP__REDIS__PASSWORD",
    ]
    values = [line.partition("=")[2] for line in new]
    said = capsys.readouterr().out
    assert len(set(values)) == 3 and not any(value in said for value in values)
    assert set(load("one", tmp_path, data=()).apps) == {"shop"}


@pytest.mark.parametrize("name", ["../x", "A", "x.y", "", "-x"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(SystemExit) as raised:
        make(tmp_path, name)
    assert raised.value.code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["prod.py"]


def test_check_says_what_is_wrong(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    def check() -> int:
        return command(
            Settings,
            lambda name: load(name, files.folder, data=()),
            files.folder,
            ["check", "test"],
        )

    def said() -> str:
        assert check() == 1
        return capsys.readouterr().err

    # As a run, which reads all of this before it connects.
    assert "test.py is missing; `make environment NAME=test` makes it" in said()
    (files.folder / "test.py").write_text((DIRECTORY / "prod.py").read_text())
    assert "test.known_hosts is missing, so no host can prove that it is yours" in said()
    known, key = files.folder / "test.known_hosts", f"ssh-ed25519 {ED25519}"
    known.write_text(f"192.0.2.1 {key}\n[shop.example]:2222 {key}\n")
    assert "test.known_hosts has no key of shop.example (port 22); add it with" in said()
    known.write_text(f"shop.example {key}\n")
    assert check() == 0
    said_well = "test: nothing is wrong; --dry looks into the repository\n"
    assert capsys.readouterr().out == said_well
    files.toml("domain = 1\n")
    assert check() == 1
    assert "test.toml:1: domain: must be text" in capsys.readouterr().err
