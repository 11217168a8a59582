"""What a trace says is read as it was; and the list of what is opened is the one of the docs."""

import re
from pathlib import Path

from tests.openings.calls import Process, Space, calls, text
from tests.openings.known import KNOWN

TRACE = r"""
7 execve("/usr/bin/python3", ["python3", "-I", "/usr/local/sbin/backup", "drill"], 0x7f /* 9 */) = 0
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>
8 setresuid(1001, 1001, 1001) = 0
7 <... clone resumed>) = 8
8 chdir("/srv") = 0
8 openat(AT_FDCWD, "app/a\"\n\33", O_RDONLY) = 3</srv/app/x>
7 unshare(CLONE_NEWNS) = 0
7 mount(NULL, "/srv/app/uploads", NULL, MS_REMOUNT|MS_BIND|MS_NOSYMFOLLOW, NULL) = 0
7 openat(5</srv/app/uploads>, "b", O_RDONLY|O_NOFOLLOW) = -1 ENOENT (No such file or directory)
9 openat(AT_FDCWD, "c", O_RDONLY) = 3
""".strip().splitlines()


def test_who_makes_a_call_and_where() -> None:
    begun = {7: Process(0, "/", "sh"), 9: Process(0, "/root", "sshd", Space())}
    child, mine, other = [call for call in calls(TRACE, begun) if call.name == "openat"]
    assert (child.uid, child.cwd, child.program) == (1001, "/srv", "backup")
    assert (mine.uid, mine.program, mine.closed) == (0, "backup", frozenset(("/srv/app/uploads",)))
    assert (other.cwd, other.program, other.closed) == ("/root", "sshd", frozenset())


def test_a_path_is_what_it_was() -> None:
    assert text(r"app/a\"\n\33\303\274") == 'app/a"\n\x1bü'


def test_SEC_03_the_list_of_the_docs_is_the_one_that_is_tested() -> None:
    page = Path("docs/red-team.md").read_text()
    _, _, section = page.partition("## What root opens where others write")
    items = re.findall(r"^- (.*\n(?:  .*\n)*)", section.partition("\n## ")[0], re.MULTILINE)
    said = [" ".join(item.split()) for item in items]
    listed = dict.fromkeys(f"{each.user} opens {each.what}. {each.why}" for each in KNOWN)
    assert said == list(listed)
