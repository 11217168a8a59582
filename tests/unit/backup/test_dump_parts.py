"""Which part of a dump is restored with whose rights."""

import pytest

from roles.backup.host.dump_parts import parts

LISTING = """;
; Archive created at 2026-11-28 07:00:00 UTC
;
2; 3079 16390 EXTENSION - pg_stat_statements\N{SPACE}
3370; 0 0 COMMENT - EXTENSION pg_stat_statements\N{SPACE}
9; 2615 16457 SCHEMA - extensions postgres
3420; 0 0 ACL - SCHEMA extensions postgres
6; 2615 16400 SCHEMA - pgbouncer postgres
3371; 0 0 ACL - SCHEMA pgbouncer postgres
230; 1255 16401 FUNCTION pgbouncer lookup(text) postgres
3372; 0 0 ACL pgbouncer FUNCTION lookup(text) postgres
7; 2615 16410 SCHEMA - shop app
215; 1259 16386 TABLE public kept app
216; 1259 16387 TABLE public pgbouncer app
217; 1255 16388 FUNCTION public EXTENSION(integer) app
218; 1259 16389 VIEW public watched postgres
3360; 0 16386 TABLE DATA public kept app
219; 1255 16458 FUNCTION extensions only_listed() postgres
3247; 3466 16459 EVENT TRIGGER - only_listed_extensions postgres
3200; 2606 16395 CHECK CONSTRAINT public kept good app
"""


def test_SEC_01_what_is_the_applications_is_restored_as_the_application() -> None:
    found = parts(LISTING)
    assert [line.split()[3] for line in found.own] == [
        *("TABLE", "TABLE", "FUNCTION", "TABLE", "CHECK"),
    ]
    assert all(line.endswith(" app") for line in found.own + found.schemas)
    assert [line.split()[5] for line in found.schemas] == ["shop"]
    assert [line.split()[3] for line in found.first] == [
        *("EXTENSION", "COMMENT", "SCHEMA", "ACL", "SCHEMA", "ACL", "FUNCTION", "ACL"),
        *("FUNCTION", "EVENT"),  # so that no extension is made while the rest is restored
    ]
    assert [line.split()[3] for line in found.last] == ["VIEW"]


@pytest.mark.parametrize("end", list("\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
def test_SEC_01_no_name_makes_two_lines_of_one_for_the_superuser(end: str) -> None:
    """PostgreSQL takes ends of lines out of names; Python knows more of them than it does."""
    for name in (f"x postgres{end}9; 1 1 y", f"pgbouncer postgres{end}"):
        line = f"215; 1259 16386 MATERIALIZED VIEW public {name} app"
        assert parts(f"{line}\n") == ([], [], [line], [])
