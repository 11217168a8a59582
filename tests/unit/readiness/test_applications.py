"""Hosts of files alone, of services elsewhere, and of several applications: no line is false of
them by mistake."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from readiness import outside
from readiness.inside import Look, found, looks
from readiness.outcome import Finding, Outcome, false, true
from readiness.outside.client import Visitor
from readiness.verdict import results
from roles.handed.around import around
from settings import Settings
from tests.unit.environments import STANDARD, STATIC, settings
from tests.unit.environments.several import several

from .test_report import TODAY

OK = "-- status 0"
SITES = sorted((Path(__file__).parents[1] / "golden" / "several").glob("**/sites-enabled/*.conf"))
NOTHING_RUNS = "APP-01 APP-03 APP-04 APP-05 APP-07 APP-09 APP-10 APP-11 SEC-06 WEB-01 WEB-04"
SITE: dict[str, Any] = {
    "kind": "static",
    "builds": {"pages": {"kind": "command", "output": "dist", "steps": ["./build"]}},
    "mounts": [{"build": "pages"}],
    "database": {},
    "redis": {},
    "static": None,
}
MIXED = several(shop=SITE)
ELSEWHERE = settings(
    postgres={
        "source": "external",
        "external": {"url": "postgresql://u:p4ssw0rd-of-others@db.example/shop", "connections": 50},
    },
    redis={
        "source": "external",
        "external": {"url": "rediss://u:p4ssw0rd-of-others@r.example:6379/0"},
    },
)


def of(given: Settings, id: str) -> list[Look]:
    return [each for each in looks(given) if each.id == id]


def unwanted(given: Settings) -> dict[str, str]:
    """The lines that are not wanted whatever the host says, and why."""
    found_ = [(each.id, found(each, [OK])) for each in looks(given) if each.ask == "true"]
    return {
        each.line.id: each.evidence
        for each in results(found_, {}, TODAY)
        if each.outcome is Outcome.UNWANTED
    }


def test_what_is_only_files_has_no_process_to_look_at() -> None:
    why = unwanted(STATIC.settings)
    for id in NOTHING_RUNS.split():
        assert "app.kind is static" in why[id], id
    assert "redis.source is none" in why["CACHE-03"]
    assert not set(NOTHING_RUNS.split()) & set(unwanted(STANDARD.settings))


@pytest.mark.parametrize(("files", "outcome"), [(0, Outcome.FALSE), (2, Outcome.TRUE)])
def test_it_writes_no_logs_where_others_have_to(files: int, outcome: Outcome) -> None:
    said = [f"files={files}", "rsyslog=active", "journal=active", "rotation=active", "rules=1", OK]
    assert found(of(STANDARD.settings, "LOG-01")[0], said).outcome is outcome
    assert found(of(STATIC.settings, "LOG-01")[0], said).outcome is Outcome.TRUE
    dead = [line.replace("rsyslog=active", "rsyslog=failed") for line in said]
    assert found(of(STATIC.settings, "LOG-01")[0], dead).outcome is Outcome.FALSE


def test_its_health_is_any_answer_of_nginx() -> None:
    assert [each.serves for each in around(STATIC.settings).apps] == [False]
    assert [each.serves for each in around(MIXED).apps] == [False, True]


@pytest.mark.parametrize("source", ["postgres", "redis"])
def test_what_is_elsewhere_is_not_looked_for_here(source: str) -> None:
    why = unwanted(ELSEWHERE)
    lines = {
        "postgres": "DB-01 DB-02 DB-04 DB-05 DB-06 DB-07 DB-08 DB-10 SEC-01 BAK-01 BAK-02",
        "redis": "CACHE-01 CACHE-02 CACHE-05",
    }
    for id in lines[source].split():
        assert f"{source}.source is external" in why[id], id
    assert "provider's" in why["BAK-02"]
    # What can be seen here is: the pooler, the application's own environment, its files' backup.
    assert not {"CACHE-03", "DB-03", "BAK-03", "APP-07"} & set(why)


def test_of_several_each_is_looked_at_and_named() -> None:
    given = several()
    for id in ("APP-01", "APP-07", "REL-01", "DB-06", "SEC-01", "CACHE-03", "LOG-01"):
        assert [each.of for each in of(given, id)] == ["shop", "blog"], id
    assert "blog.example" in of(given, "APP-07")[1].ask
    for id in ("HOST-06", "SEC-03"):
        (one,) = of(given, id)
        assert "shop" in one.ask and "blog" in one.ask
    assert all(each.of == "" for each in looks(STANDARD.settings))
    finding = found(of(given, "APP-01")[1], ["wanted=2", "running=1", OK])
    assert (finding.outcome, finding.evidence[:6]) == (Outcome.FALSE, "blog: ")
    assert found(of(given, "APP-01")[1], []).evidence.startswith("blog: ")


def test_one_that_is_only_files_hides_none_that_runs() -> None:
    shop, blog = of(MIXED, "APP-01")
    both = [("APP-01", found(shop, [OK])), ("APP-01", found(blog, ["wanted=2", "running=1", OK]))]
    assert results(both, {}, TODAY)[0].outcome is Outcome.FALSE
    assert results(both[:1], {}, TODAY)[0].evidence == "shop: apps.shop.kind is static: " + (
        "nothing of it runs"
    )
    # The limit is tried where there is one.
    (flood,) = of(MIXED, "WEB-04")
    assert re.search(r"https://blog\.example/health", flood.ask)
    assert results([*both[:1], ("APP-01", true(""))], {}, TODAY)[0].outcome is Outcome.TRUE


def test_each_ones_upstream_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the site as Nginx has it; nginx and curl are stand-ins."""
    for name, text in (("nginx", f"cat {' '.join(map(str, SITES))}"), ("curl", "echo status=200")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for each in of(several(), "WEB-01"):
        said = subprocess.run(
            ["/bin/sh", "-c", each.ask], capture_output=True, text=True, check=False
        ).stdout.split()
        sockets = [line for line in said if line.startswith("socket=")]
        assert sockets
        assert all(f"/{each.of}/" in line for line in sockets)


def test_each_domain_has_to_be_in_a_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def certificate(view: Settings, visitor: Visitor, file: str) -> Finding:
        asked.append((visitor.domain, visitor.address))
        return true("TLSv1.3") if visitor.domain == "shop.example" else false("none for it")

    monkeypatch.setattr(outside.tls, "certificate", certificate)
    monkeypatch.setattr(outside, "_LOOKS", (("WEB-02", certificate),))
    lines = list(outside.looked(several(), "192.0.2.1", ""))
    assert asked == [("shop.example", "192.0.2.1"), ("blog.example", "192.0.2.1")]
    assert results(lines, {}, TODAY)[0].evidence == "blog.example: none for it"
    assert len(list(outside.looked(STANDARD.settings, "192.0.2.1", ""))) == 1


def test_a_page_at_each_path_is_no_documentation_of_an_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """An application of one page answers /docs, too: the one that runs is asked."""
    asked = []

    def documentation(view: Settings, visitor: Visitor, file: str) -> Finding:
        asked.append(visitor.domain)
        return true("")

    monkeypatch.setattr(outside, "_LOOKS", (("WEB-10", documentation),))
    list(outside.looked(MIXED, "192.0.2.1", ""))
    assert asked == ["blog.example"]
    (line,) = outside.looked(STATIC.settings, "192.0.2.1", "")
    assert line[1].outcome is Outcome.UNWANTED


def test_what_asks_nobody_but_the_host_asks_no_metadata_service() -> None:
    """The proxy in front of a port of one of several denies all that is not this host."""

    def denying(networks: str) -> Outcome:
        said = [f"blog-web-blue-proxy@1.service IPAddressDeny={networks} IPAddressAllow=", OK]
        return found(of(several(), "SEC-06")[1], said).outcome

    assert denying("0.0.0.0/0 ::/0") is Outcome.TRUE
    assert denying("fd00:ec2::/32 169.254.0.0/16") is Outcome.TRUE
    assert denying("169.254.169.254/32 ::/0") is Outcome.FALSE
    assert denying("") is Outcome.FALSE


def test_a_user_of_redis_that_is_off_needs_no_password(tmp_path: Path) -> None:
    """Of several applications nobody logs in as the default one."""
    file = tmp_path / "users.acl"
    (look,) = of(several(), "CACHE-05")

    def outcome(*lines: str) -> Outcome:
        file.write_text("".join(f"{line}\n" for line in lines))
        ask = look.ask.replace("/etc/redis/users.acl", str(file))
        said = subprocess.check_output(["/bin/sh", "-c", ask], text=True).splitlines()
        return found(look, [*said, OK]).outcome

    shop = "user shop on #0f4c ~shop:* +@all"
    assert outcome("user default off", shop) is Outcome.TRUE
    assert outcome("user default on nopass ~* +@all", shop) is Outcome.FALSE
    assert outcome("user default off", f"{shop} #1b7d") is Outcome.FALSE
