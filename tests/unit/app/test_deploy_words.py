"""What a run says before minutes of silence."""

from __future__ import annotations

from roles.app.deploy import Live
from roles.app.releases import Release


def test_a_build_says_where_it_and_its_release_steps_speak() -> None:
    release = Release("v1.0.0", "c" * 40, "python")
    live = Live("v1.0.0 is live", "shop", release, "i", "{}", "me", lambda: b"")
    (said,) = [word for word in live.due([]).words if "minutes" in word]
    assert "sudo tail -F /srv/shop/log/build-v1.0.0.log" in said
    assert "sudo journalctl -ft shop-release" in said
