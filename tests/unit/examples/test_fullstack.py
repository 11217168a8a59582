"""What the full-stack example says of its environment is what the settings take."""

from __future__ import annotations

import json

from tests.unit.environments import settings
from vagrant.demo import own


def test_APP_14_the_examples_environment_is_valid() -> None:
    given = own("fullstack").items()
    values = {name.split("__")[1].lower(): json.loads(text) for name, text in given}
    found = settings(app=values).app
    assert set(found.builds) == {"backend", "frontend"}
    assert [(mount.url, mount.fallback) for mount in found.mounts] == [("/", "index.html")]
