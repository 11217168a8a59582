"""What a report says, and what it never says."""

from __future__ import annotations

import re
import stat
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from readiness import output
from readiness.catalogue import LINES
from readiness.document import written
from readiness.outcome import Outcome, false, true, unknown
from readiness.report import unreached
from readiness.settings import Report, Waiver
from readiness.verdict import OWNERS, SHARED, Result, differing, results
from roles.core.applied import Difference

TODAY = date(2027, 1, 31)
FOUND = [
    ("WEB-02", true("a")),
    ("WEB-02", false("self-signed <b>")),
    ("DB-01", true("b", 1_795_906_800)),
    ("REL-03", unknown("c")),
]


def waived(until: date) -> dict[str, Waiver]:
    return {"WEB-02": Waiver(reason="staging only", until=until)}


def by_id(found: list[Result]) -> dict[str, Result]:
    return {each.line.id: each for each in found}


def test_the_document_is_made_of_the_catalogue() -> None:
    for path, text in written().items():
        assert path.read_text() == text, "run .venv/bin/python -m settings examples"


def test_one_look_that_is_false_is_enough() -> None:
    assert by_id(results(FOUND, {}, TODAY))["WEB-02"].outcome is Outcome.FALSE


def test_a_waiver_is_neither_true_nor_false_and_ends() -> None:
    for id, finding in (("WEB-02", false("x")), ("WEB-02", true("x"))):
        found = results([(id, finding)], waived(TODAY), TODAY)
        assert found[0].outcome is Outcome.UNWANTED
        assert output.counted(found)["true"] == 0
        assert "staging only" in "".join(output.terminal({"h": found}, []))
    ended = results([("WEB-02", false("x"))], waived(date(2027, 1, 30)), TODAY)[0]
    assert ended.outcome is Outcome.FALSE
    assert "2027-01-30" in ended.evidence


def test_a_hosts_words_do_nothing_to_the_terminal() -> None:
    found = results([("WEB-02", false("cache: \x1b]0;title\x07"))], {}, TODAY)
    said = "".join(output.terminal({"h": found}, ["\x1b[8mhidden"]))
    assert "title" in said and "hidden" in said
    assert "\x1b" not in said and "\x07" not in said


def test_a_waiver_needs_a_line_a_reason_and_an_end() -> None:
    for wrong in (
        {"WEB-99": {"reason": "staging only", "until": TODAY}},
        {"WEB-02": {"reason": "", "until": TODAY}},
        {"WEB-02": {"reason": "staging only"}},
    ):
        with pytest.raises(ValidationError):
            Report(waivers=wrong)


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([("DB-01", true(""))], 0),
        ([("DB-01", true("")), ("REL-03", unknown(""))], 1),
        ([("DB-01", false("")), ("REL-03", unknown(""))], 2),
    ],
)
def test_the_exit_status(findings: list, status: int) -> None:
    assert output.exit_status({"one": results(findings, {}, TODAY)}) == status


def test_a_host_that_did_not_answer_is_not_ready() -> None:
    assert output.exit_status({"one": results(FOUND[2:3], {}, TODAY), "two": unreached()}) == 1


def differs(*drift: Difference) -> dict[str, tuple[Outcome, str]]:
    return {id: (finding.outcome, finding.evidence) for id, finding in differing(drift)}


def test_a_difference_is_of_one_line_and_of_no_other() -> None:
    found = differs(
        Difference("Nginx | configuration", True, ("change /etc/nginx/conf.d/headers.conf",))
    )
    assert {id: outcome for id, (outcome, _) in found.items()} == {
        "HOST-01": Outcome.TRUE,
        "WEB-05": Outcome.FALSE,
    }


def test_what_is_false_beside_it_hides_no_difference() -> None:
    """Two files of one step, of which nobody but the plan owns one."""
    words = ("change /etc/nginx/conf.d/headers.conf", "change /etc/nginx/nginx.conf")
    found = differs(Difference("Nginx | configuration", True, words))
    assert found["WEB-05"][0] is Outcome.FALSE
    assert found["HOST-01"][0] is Outcome.FALSE
    assert "nginx.conf" in found["HOST-01"][1]
    assert "headers.conf" not in found["HOST-01"][1]


def test_a_release_that_is_not_live_yet_is_of_no_other_line() -> None:
    """An application without a DSN is false by itself; what is to be released has no part in it."""
    words = ("v1.0.0 is live", "a build may take minutes")
    drift = [Difference("App | v1.1.0 is live", False, words)]
    found = dict(differing(drift, [("APP-10", false(""))]))
    assert "APP-10" not in found
    assert found["REL-01"].outcome is Outcome.FALSE


def test_each_owner_of_a_difference_is_a_line() -> None:
    shared = {id for _, ids in SHARED for id in ids}
    assert {id for _, id in OWNERS} | shared <= {line.id for line in LINES if line.is_shown}


def test_a_file_of_several_lines_is_said_at_the_one_that_is_false() -> None:
    drift = [Difference("Nginx | configuration", True, ("change /etc/nginx/conf.d/clients.conf",))]
    for id in ("WEB-07", "WEB-11"):
        assert dict(differing(drift, [(id, false(""))]))[id].outcome is Outcome.FALSE
        assert len(dict(differing(drift, [(id, false(""))]))) == 2  # and HOST-01, which is true
    assert dict(differing(drift))["WEB-11"].outcome is Outcome.FALSE


def test_a_step_without_words_is_said_where_a_look_found_why() -> None:
    drift = [Difference("Base | kernel settings, upgrades and name", True, ())]
    assert dict(differing(drift, [("HOST-04", false(""))]))["HOST-04"].outcome is Outcome.FALSE
    assert dict(differing(drift, [("HOST-04", false(""))]))["HOST-01"].outcome is Outcome.TRUE
    assert dict(differing(drift, [("DB-01", false(""))]))["HOST-01"].outcome is Outcome.FALSE


def test_what_a_run_would_leave_is_no_difference() -> None:
    assert differs(Difference("Base | swap", True, ("it is off",), meant=True)) == {
        "HOST-01": (Outcome.TRUE, "a run would change nothing")
    }


def test_the_page_asks_for_nothing_and_shows_text_as_text() -> None:
    hosts = {"one": results(FOUND, {}, TODAY), "two": unreached()}
    page = output.page("prod", 1_795_906_800, hosts, ["one WEB-02: was true, is false"])
    assert not re.search(r"(?:src|href|action)\s*=|url\(|@import|<script|https?://", page)
    assert "self-signed &lt;b&gt;" in page
    assert "2026-11-28 23:00 UTC" in page
    # Without colours each outcome still has its sign and its word.
    assert all(f"{output.SIGNS[each]} {each.value}" in page for each in Outcome)
    assert page.index("false</span> on one") < page.index("could not look</span> on two")


def test_the_difference_to_the_last_report() -> None:
    before = output.as_json("prod", 1.0, {"one": results([("DB-01", true(""))], {}, TODAY)})
    now = {"one": results([("DB-01", false(""))], {}, TODAY)}
    assert output.changed(now, before) == ["one DB-01: was true, is false"]
    assert output.changed(now, None) == []


def test_metrics_have_no_value_for_what_nobody_saw() -> None:
    text = output.metrics("prod", 1.0, {"one": results(FOUND, {}, TODAY)})
    assert 'id="WEB-02"} 0' in text
    assert 'id="DB-01"} 1' in text
    assert 'id="REL-03"' not in text


def test_its_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "reports" / "prod"
    for _ in range(2):
        output.write(folder, {"ready.json": "{}"})
    assert stat.S_IMODE((folder / "ready.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert output.last(folder) is None


def test_what_fails_a_job() -> None:
    hosts = {"one": results([("REL-03", unknown(""))], {}, TODAY)}
    assert output.exit_status(hosts) == 1
    assert output.exit_status(hosts, "false") == 0
    with pytest.raises(ValidationError):
        Report(fail_on="no")
