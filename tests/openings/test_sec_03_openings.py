"""Root and postgres open nothing by a path that others could bend, but for a list with reasons.

On demand (TESTS=openings): every program is traced, call by call, which takes ten minutes.
"""

from __future__ import annotations

import pytest

from .conftest import Opening
from .known import KNOWN

pytestmark = pytest.mark.timeout(1800)


def test_SEC_03_nothing_is_opened_by_a_path_that_others_can_bend(opened: list[Opening]) -> None:
    assert opened, "nothing at all was seen"
    unknown = [row for row in opened if not any(k.has(row[0], row[1], row[3]) for k in KNOWN)]
    assert not unknown, "\n".join(map(str, unknown))


def test_SEC_03_the_list_has_nothing_that_is_no_longer_so(opened: list[Opening]) -> None:
    gone = [k for k in KNOWN if not any(k.has(row[0], row[1], row[3]) for row in opened)]
    assert not gone, "\n".join(map(str, gone))
