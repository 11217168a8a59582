"""Files that a build has compressed with Brotli are sent where Nginx can."""

from __future__ import annotations

from dataclasses import replace

import pytest

from roles.core.entries import File
from roles.core.machine import SUPPORTED, Machine
from roles.nginx import Nginx, Site
from roles.nginx.files import entries, packages
from roles.nginx.packed import MODULE

from .laid_out import site


def sends(settings: Nginx, machine: Machine, served: Site) -> bool:
    """Whether it does, by its file and its packages, which have to say the same."""
    texts = [e.data.decode() for e in entries(settings, machine, (served,)) if isinstance(e, File)]
    said = any("brotli_static on;" in text for text in texts)
    assert said == (MODULE in packages(settings, machine, (served,)))
    return said


@pytest.mark.parametrize("codename", SUPPORTED)
def test_WEB_16_brotli_is_sent_where_the_archive_has_the_module(codename: str) -> None:
    machine = Machine.example(codename)
    assert sends(Nginx(), machine, site()) == (codename != "jammy")
    assert not sends(Nginx(brotli=False), machine, site())


def test_WEB_16_a_host_that_serves_no_files_gets_no_module() -> None:
    assert not sends(Nginx(), Machine.example("noble"), replace(site(), static=()))
