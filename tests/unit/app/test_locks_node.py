"""Lock files of Node.js: which counts, who installs it, and what has no digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from roles.app.locks import digests, managers, node
from roles.app.releases import Release
from roles.app.settings import Build
from roles.core.errors import OperatorError
from vagrant.driver import ROOT

MANAGERS = ROOT / "tests" / "applications" / "managers"
TEXTS = {
    "pnpm-lock.yaml": (MANAGERS / "pnpm" / "pnpm-lock.yaml").read_text(),
    "yarn.lock": (MANAGERS / "yarn" / "yarn.lock").read_text(),
    "bun.lock": (MANAGERS / "bun" / "bun.lock").read_text(),
}
CLASSIC = (MANAGERS / "yarn-classic" / "yarn.lock").read_text()
NPM = json.dumps({"packages": {"": {}, "node_modules/ms": {"integrity": "sha512-x"}}})


def release(*names: str, package: dict | None = None, **texts: str) -> Release:
    known = {**TEXTS, "package-lock.json": NPM}
    given = {name.replace("_", "."): text for name, text in texts.items()}
    return replace(
        Release.example("node"),
        files=frozenset(names),
        package=json.dumps(package or {}),
        texts={**{name: known.get(name, "") for name in names}, **given},
    )


def installed(known: Release, **settings: Any) -> node.Installed:
    return node.installed(Build(**settings), known, "amd64")


def refusal(known: Release, **settings: Any) -> str:
    with pytest.raises(OperatorError) as error:
        installed(known, **settings)
    assert str(error.value).endswith("Nothing has been changed")
    return str(error.value)


def test_REL_06_npm_is_as_it_was() -> None:
    made = installed(release("package.json", "package-lock.json"), require_hashes=True)
    assert made.dependencies is not None
    command = "npm ci --include=dev --ignore-scripts --no-audit --no-fund"
    assert made.dependencies["steps"] == [command]
    assert "kept" not in made.dependencies
    assert made.unlocked == ""


def test_REL_06_without_a_lock_file_node_is_built_and_told() -> None:
    made = installed(release("package.json"))
    assert made.dependencies is not None
    assert made.dependencies["steps"][0].startswith("npm install --no-package-lock --include=dev")
    assert made.dependencies["kept"] is False
    assert "no lock file says which versions" in made.unlocked
    # One that is there and does not count decides nothing of what later releases share either.
    known = release("package.json", "package-lock.json")
    ignored = installed(known, ignore=["package-lock.json"])
    assert ignored.dependencies == made.dependencies
    assert "has no lock file" in refusal(release("package.json"), require_hashes=True)


@pytest.mark.parametrize(
    ("lock", "text", "install", "prune"),
    [
        ("pnpm-lock.yaml", "", "pnpm install --frozen-lockfile", "pnpm prune --prod"),
        ("yarn.lock", "", "yarn install --immutable", "focus --all --production"),
        ("yarn.lock", CLASSIC, "yarn install --frozen-lockfile", "--production --ignore-scripts"),
        ("bun.lock", "", "bun install --frozen-lockfile", "bun run build"),
    ],
)
def test_REL_06_a_manager_is_had_with_its_digest(
    lock: str, text: str, install: str, prune: str
) -> None:
    known = release("package.json", lock, package={"scripts": {"build": "make"}})
    known = replace(known, texts={lock: text or TEXTS[lock]})
    made = installed(known, require_hashes=True)
    # Its packages' scripts may have read the release, so no other shares them.
    assert made.dependencies is None
    assert "sha512sum --quiet -c -" in made.steps[0]
    assert made.steps[0].startswith("cd ~ && npm pack --silent ")
    assert install in made.steps[1]
    assert "run build" in made.steps[2]
    assert prune in made.steps[-1]


@pytest.mark.parametrize(
    ("names", "said", "steps"),
    [
        (["package-lock.json", "yarn.lock"], "npm@10.1.0", "npm@10.1.0"),
        (["package-lock.json", "yarn.lock"], "yarn@4.2.0", "@yarnpkg/cli-dist@4.2.0"),
        (["yarn.lock"], "yarn@1.22.19", "yarn@1.22.19"),
        (["pnpm-lock.yaml"], f"pnpm@9.1.0+sha224.{'a' * 56}", "pnpm@9.1.0"),
        (["bun.lock"], "bun@1.2.0", "@oven/bun-linux-x64@1.2.0"),
    ],
)
def test_REL_06_package_manager_chooses_who_and_which(
    names: list[str], said: str, steps: str
) -> None:
    made = installed(release("package.json", *names, package={"packageManager": said}))
    first = made.dependencies["steps"][0] if made.dependencies else made.steps[0]
    assert f"npm pack --silent {steps} >packed" in first
    assert ("sha224sum" in first) == ("sha224" in said)


def test_REL_06_rivals_and_contradictions_are_refused() -> None:
    said = refusal(release("package-lock.json", "yarn.lock"))
    assert 'what does not count, such as ["yarn.lock"]' in said
    assert installed(release("package-lock.json", "yarn.lock"), ignore=["yarn.lock"]).dependencies
    assert installed(release("package-lock.json", "npm-shrinkwrap.json")).dependencies
    named = {"packageManager": "pnpm@9.1.0"}
    known = release("package-lock.json", package=named)
    assert 'or set app.build.ignore = ["packageManager"]' in refusal(known)
    assert installed(known, ignore=["packageManager"]).dependencies
    assert "there is no lock file of it" in refusal(release("package.json", package=named))
    old = replace(release("pnpm-lock.yaml"), texts={"pnpm-lock.yaml": "lockfileVersion: 5.4\n"})
    assert "is of the form 5.4" in refusal(old)
    assert 'such as "packageManager": "pnpm@VERSION"' in refusal(old)
    known = release("pnpm-lock.yaml", package=named)
    assert "names pnpm without a digest" in refusal(known, require_hashes=True)


def lock(packages: Mapping[str, Any]) -> str:
    return json.dumps({"packages": packages})


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        *((name, text, []) for name, text in TEXTS.items()),
        ("yarn.lock", CLASSIC, []),
        ("package-lock.json", NPM, []),
        ("package-lock.json", '{"dependencies": {}}', ["packages in the form of npm 6"]),
        (
            "package-lock.json",
            lock(
                {
                    "": {},
                    "libs/own": {},
                    "node_modules/own": {"resolved": "libs/own", "link": True},
                    "node_modules/a": {"resolved": "git+ssh://git.test/a#0"},
                    "node_modules/b/node_modules/c": {"inBundle": True},
                }
            ),
            ["node_modules/a"],
        ),
        ("pnpm-lock.yaml", "  a@https://git.test/a:\n    resolution: {tarball: x}\n",
         ["a@https://git.test/a"]),
        ("pnpm-lock.yaml", "  'b@file:b':\n    resolution: {directory: b, type: x}\n", []),
        ("yarn.lock", 'ms@1:\n  version "1"\n  resolved "https://x.test/ms.tgz"\n', ["ms@1"]),
        ("yarn.lock", '__metadata:\n  version: 8\n\n"a@npm:1":\n  linkType: hard\n', ["a@npm:1"]),
        ("yarn.lock", '"a@npm:1":\n  conditions: os=darwin\n  linkType: hard\n', []),
        ("bun.lock", '    "a": ["a@github:x/a#0", {}, "x-a-0"],\n', ["a"]),
        ("bun.lock", '    "own": ["own@workspace:libs/own"],\n', []),
        ("bun.lockb", "", ["packages nobody can read in bun.lockb"]),
    ],
)  # fmt: skip
def test_REL_06_what_has_no_digest_is_found(name: str, text: str, found: list[str]) -> None:
    assert list(digests.without(name, text)) == found


def test_REL_06_a_manager_s_digest_is_looked_at_before_it_is_run() -> None:
    for line in (
        managers.Manager("pnpm", "pnpm", "9", "sha512.ab").install,
        managers.Manager("yarn", managers.YARN, "4", "sha224.ab").install,
    ):
        assert line.index("npm pack") < line.index("sum --quiet -c") < line.index("npm install")
        assert "; " not in line  # what fails ends it


@pytest.mark.parametrize("said", ["pnpm", "pnpm@^9", "pnpm@9", "pnpm@latest", "pnpm@9.1.0+x", 5])
def test_REL_06_a_package_manager_without_a_version_is_not_left_out(said: object) -> None:
    known = release("package.json", "pnpm-lock.yaml", package={"packageManager": said})
    assert f"the packageManager {str(said)!r} of package.json is no NAME@VERSION" in refusal(known)
    assert installed(known, ignore=["packageManager"]).steps


@pytest.mark.parametrize(
    ("lock", "package", "refused"),
    [
        ("pnpm-lock.yaml", {"engines": {"pnpm": ">=11"}}, "asks for pnpm >=11 (engines), and 10."),
        ("pnpm-lock.yaml", {"engines": {"pnpm": ">=9", "npm": "please-use-pnpm"}}, ""),
        ("yarn.lock", {"engines": {"yarn": "^1"}}, "asks for yarn ^1 (engines), and 4."),
        (
            "package-lock.json",
            {"engines": {"npm": ">=11"}, "packageManager": "npm@10.1.0"},
            "asks for npm >=11 (engines), and 10.1.0 would install",
        ),
        ("bun.lock", {"engines": {"bun": 1}}, ""),
    ],
)
def test_REL_06_engines_of_the_package_manager_are_heard(
    lock: str, package: dict[str, Any], refused: str
) -> None:
    known = release("package.json", lock, package=package)
    if not refused:
        assert installed(known)
        return
    said = refusal(known)
    assert refused in said and 'app.build.ignore = ["engines"]' in said
    assert installed(known, ignore=["engines"])


@pytest.mark.parametrize(
    "text",
    ["[]", '{"packages": []}', '{"packages": {"node_modules/a": 1}}', "[" * 100_000, "9" * 5000],
)
def test_REL_06_a_broken_lock_file_of_npm_proves_nothing(text: str) -> None:
    known = release("package.json", "package-lock.json")
    known = replace(known, texts={"package-lock.json": text})
    assert "in package-lock.json, which has no digest" in refusal(known, require_hashes=True)
    assert installed(known)  # npm ci says what is wrong with it


def test_REL_06_a_broken_package_json_is_no_traceback() -> None:
    for text in ("[" * 100_000, "9" * 5000, "[]", "{"):
        known = replace(release("package.json", "package-lock.json"), package=text)
        assert installed(known)
