"""What those find who scan the host: its TLS, and the headers of its pages."""

from __future__ import annotations

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support import observatory, sslyze
from tests.support.client import Server

SELF_SIGNED = {"certificate_path_validation", "maximum_certificate_lifespan"}
"""What sslyze has against a certificate that no authority signed."""


@once_at_all
def test_WEB_02_tls_is_mozillas_intermediate_profile(box: Host) -> None:
    found = sslyze.issues(box.ip, DOMAIN, "intermediate")
    assert {kind: what for kind, what in found.items() if kind not in SELF_SIGNED} == {}
    assert "tls_versions" in sslyze.issues(box.ip, DOMAIN, "modern")  # so it does look


@once_at_all
@pytest.mark.parametrize(
    ("path", "points"), [("/", 80), ("/version", 80), ("/docs", 100), ("/static/none", 100)]
)
def test_WEB_05_the_observatory_takes_off_for_inline_scripts_alone(
    web: Server, path: str, points: int
) -> None:
    """As docs/content-policy.md says: the policy that a new host begins with. test_settings.py
    has the strict one."""
    found, parts = observatory.score(web.ask(path), web.ask(path, tls=False))
    assert found >= points, parts
    assert {name for name, part in parts.items() if part < 0} <= {"content-security-policy"}, parts


@once_at_all
def test_WEB_05_the_score_notices_what_is_missing(web: Server) -> None:
    page, plain = web.ask("/"), web.ask("/", tls=False)
    for name in ("content-security-policy", "strict-transport-security", "x-content-type-options"):
        headers = tuple(header for header in page.headers if header[0] != name)
        less = type(page)(page.status, headers, page.body)
        assert observatory.score(less, plain)[0] < observatory.score(page, plain)[0]
