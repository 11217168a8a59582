"""A team's own commands at the turns of a release, and what a release step alone is given."""

from __future__ import annotations

import json

import pytest

from tests.host.application import NAME, environ, live, traffic, units
from vagrant.running import changes

from .bad import changed
from .shop import Shop

# Each says who it is, what it sees and where, in a line of its own.
SAY = 'echo "$HOOK $(id -un) ${RELEASE} ${SECRET_KEY:+secret} $(pwd)"'
KNOWS = 'printf %s "$SECRET_KEY" | sha256sum'
UPLOADS = f"/srv/{NAME}/uploads"
SMOKE = 'for s in $SOCKETS; do curl -sf --unix-socket "$s" http://x/version; echo; done'


def hooks(**more: list[str]) -> dict[str, str]:
    every = {name: [SAY] for name in ("before_build", "after_build")}
    # systemd would put its own ${...} in, before any shell sees it.
    every["after_build"] += ['for part in one two; do echo "item ${part}"; done', KNOWS]
    every["before_switch"] = [f"{SAY} >> {UPLOADS}/.hooks", f"{{ {SMOKE}; }} >> {UPLOADS}/.hooks"]
    every["after_switch"] = [f"{{ {SAY}; {KNOWS}; }} >> {UPLOADS}/.hooks"]
    every["on_failure"] = [f'{{ {SAY}; echo "${{REASON}}"; }} >> {UPLOADS}/.hooks']
    return {"READYHOST_APP__HOOKS": json.dumps({**every, **more})}


def said(shop: Shop) -> list[str]:
    """What the hooks of the application's user said since it was asked last."""
    lines = shop.ssh(f"cat {UPLOADS}/.hooks 2>/dev/null; rm -f {UPLOADS}/.hooks").splitlines()
    return [line.rstrip() for line in lines]


@pytest.mark.timeout(240)
def test_REL_01_hooks_run_at_their_moments_as_their_users(shop: Shop) -> None:
    tag = shop.tag()
    shop.deploy(tag, check=True, **hooks())
    folder = f"/srv/{NAME}/releases/{tag}"
    log = shop.ssh(f"cat /srv/{NAME}/log/build-{tag}.log").splitlines()
    assert f"before_build {NAME}-build {tag} secret {folder}" in log
    assert f"after_build {NAME}-build {tag} secret {folder}" in log
    assert [line for line in log if line.startswith("item")] == ["item one", "item two"]
    first, *smoke, last, known = said(shop)
    assert first == f"before_switch {NAME} {tag} secret {folder}"
    assert last == f"after_switch {NAME} {tag} secret {folder}"
    # What a build takes for the secret is thrown away.
    assert len(known.split()[0]) == 64
    assert [line for line in log if line.endswith("  -")] != []
    assert known not in log
    # Asked before any user was sent there: the new release, each of its processes.
    assert [json.loads(answer)["release"] for answer in smoke] == [tag] * len(units(shop, "web"))


@pytest.mark.timeout(240)
def test_REL_02_a_smoke_test_that_fails_ends_the_release(shop: Shop) -> None:
    before, tag = shop.serves(), shop.tag()
    failing = hooks(before_switch=["echo too slow >&2; exit 4"])
    with traffic(shop, "/version", clients=2) as seen:
        run = shop.deploy(tag, check=False, **failing)
    assert run.returncode != 0
    assert "too slow" in run.stdout
    assert f"{tag} was not made live; {before} goes on serving." in run.stdout
    assert (seen.failures, set(seen.answers)) == ([], {before})
    assert said(shop) == [
        f"on_failure {NAME} {tag} secret /srv/{NAME}/releases/{tag}",
        # As data: a reason is the application's text, and these are quotes that a shell would run.
        "`echo too slow >&2; exit 4` failed (exit status 4)",
    ]


@pytest.mark.timeout(240)
def test_REL_02_what_fails_after_the_switch_is_told_and_stays(shop: Shop) -> None:
    tag = shop.tag()
    run = shop.deploy(tag, check=False, **hooks(after_switch=["exit 5"]))
    assert run.returncode != 0
    assert f"{tag} is live, but after_switch: `exit 5` failed" in run.stdout
    assert shop.serves() == tag
    # With the same build hooks: others would have it built again.
    again = shop.deploy(tag, check=True, **hooks(after_switch=[]))
    assert f"App | {tag} is live" not in changes(again.stdout)
    said(shop)


@pytest.mark.timeout(240)
def test_DB_06_release_steps_alone_get_a_connection_of_their_own(shop: Shop) -> None:
    step = "echo $MIGRATION_DATABASE_URL | sed s/:[^:]*@/@/"
    tag = shop.tag(shop.procfile(release=step))
    shop.deploy(tag)
    unit = f"{NAME}-release-{live(shop)}.service"
    logged = shop.ssh(f"journalctl -u {unit} -n 20 -o cat --no-pager")
    assert "@127.0.0.1:5432/" in logged
    for process in ("web", "worker"):
        seen = environ(shop, units(shop, process)[0])
        assert "MIGRATION_DATABASE_URL" not in seen
        assert ":6432/" in seen["DATABASE_URL"]
    index = changed(shop, "migrations/0003_items_by_age.sql", "items_by_age", "items_by_age_too")
    tag = shop.tag({"migrations/0004_index.sql": index["migrations/0003_items_by_age.sql"]})
    shop.deploy(tag)
    query = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'items_by_age_too'::regclass"
    assert shop.ssh(f'runuser -u postgres -- psql -Atc "{query}" {NAME}') == "t"
