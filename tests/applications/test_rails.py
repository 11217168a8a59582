"""Rails with an asset build and Sidekiq, deployed with the settings of docs/frameworks.md.

Its gems are those of the distribution's packages, behind an index as a registry of gems has one:
what is tried is Bundler, Rails and the settings, with TESTS=servers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.releases.shop import Shop
from vagrant.driver import Box

from .conftest import HERE
from .whole import again, deploy, put

GEMS = "rails puma pg sprockets-rails sidekiq"
PACKAGES = "ruby-rails ruby-sprockets-rails ruby-sidekiq ruby-pg puma"
SERVE = "systemd-run --quiet python3 -m http.server --directory /tmp/index 8000"


@pytest.fixture
def gems(servers: Shop) -> Iterator[str]:
    """The address of an index of gems, on another box: what is deployed finds none of them but in
    there."""
    box = Box.boot("gems", servers.suite)
    try:
        install = "apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install"
        box.ssh(f"({install} --no-install-recommends {PACKAGES}) 2>&1", timeout=400)
        script = (HERE / "gems.rb").read_text()
        box.ssh(f"cd /tmp && ruby - index {GEMS} 2>&1 && {SERVE}", stdin=script)
        yield f"http://{box.ip}:8000"
    finally:
        box.destroy()


@pytest.mark.timeout(900)
def test_APP_12_rails_builds_its_assets_and_its_worker_works(servers: Shop, gems: str) -> None:
    put(servers, "rails", "v40.0.0")
    listed = "".join(f'gem "{name}"\n' for name in GEMS.split())
    (servers.repository / "Gemfile").write_text(f'source "{gems}"\n\n{listed}')
    wanted = deploy(servers, "Rails", "", "v40.1.0")
    page = servers.https("/").text
    (style,) = re.findall(r"/static/application-[0-9a-f]{64}\.css", page)
    assert "navy" in servers.https(style).text
    end = time.monotonic() + 20
    while "visits: 0" in (page := servers.https("/").text):
        assert time.monotonic() < end, "Sidekiq does nothing"
        time.sleep(0.5)
    again(servers, wanted, "v40.2.0")
    assert re.search(r"visits: [1-9]", servers.https("/").text)
