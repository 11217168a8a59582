"""Lines of a Procfile as Heroku's users write them: one program, or several of a shell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .shell_grammar import is_redirection
from .shell_lists import before_server

# What a shell does itself, or what begins more than one command: it cannot take the shell's place.
_OWN = frozenset(
    "! . : [ [[ alias bg break case cd command continue do eval exit export fg for function getopts"
    " hash if jobs kill local read readonly return select set shift source test times trap true"
    " false type ulimit umask unalias unset until wait while { (".split()
)
# What may come before a server as often as it starts.
_HARMLESS = frozenset(
    "cd export set umask ulimit . source true : test [ mkdir echo printf unset sleep".split()
)
_ASSIGNMENT = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*=")
_WORDS = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""")


@dataclass(frozen=True)
class Line:
    """A command line in its parts, as `&&` and `;` have them; the operators stand between.

    simple: whether sh's grammar of it is known. Where it is not (pipes, groups, the background),
    parts is the whole line.
    """

    parts: tuple[str, ...]
    operators: tuple[str, ...] = ()
    simple: bool = True


def split(text: str) -> Line:
    """A line in its parts. Raises ValueError for a quote or a parenthesis that is not closed, and
    for an operator with nothing to do."""
    parts, operators, begin, position = [], [], 0, 0
    simple = True
    while position < len(text):
        position = _after(text, position)
        rest = text[position:]
        if not rest:
            break
        before = text[begin:position].rstrip()
        if rest.startswith(("||", ";;")) or rest[0] in "|()":
            simple = False
            position += 2 if rest.startswith(";;") else 1
        elif rest[0] == "&" and not rest.startswith("&&"):
            simple = simple and is_redirection(text, position)
            position += 1
        else:
            operator = ";" if rest[0] == ";" else "&&"
            parts.append(before)
            operators.append(operator)
            position += len(operator)
            begin = position
    parts.append(text[begin:])
    parts = [part.strip() for part in parts]
    if len(parts) > 1 and not parts[-1] and operators[-1] == ";":
        parts, operators = parts[:-1], operators[:-1]
    if not all(parts):
        raise ValueError(f"{text!r}: nothing stands on one side of {operators[0]!r}")
    if not simple or any(program(part) in _OWN - _HARMLESS for part in parts):
        return Line((text.strip(),), simple=False)
    return Line(tuple(parts), tuple(operators))


def shell(text: str) -> str:
    """What sh is given for a line. The last program takes the shell's place where it can, so that
    signals reach it; see `alone` for the others."""
    line = split(text)
    *first, last = line.parts
    if line.simple and program(last) == "exec":
        variables, _, rest = _parted(last)
        last = f"exec env {variables}{rest}"
    elif line.simple and program(last) not in _OWN:
        last = f"exec env {last}"
    before = "".join(f"{part} {o} " for part, o in zip(first, line.operators, strict=False))
    return before.replace(" ; ", "; ") + last


def alone(text: str) -> bool:
    """Whether the line's last program is the only one that is left of it when it runs."""
    return "exec env " in shell(text)


def repeated(text: str) -> str:
    """What a line does before its server, each time that one of its processes starts; empty for
    what may be done that often."""
    return next(iter(_jobs(text)), "")


def apart(text: str) -> tuple[str, str] | None:
    """A line as two: what does its jobs, and its server; each with all that stands before it. None
    for a line with conditions or groups, of which only who wrote it knows what belongs where.

    >>> apart("cd src && python migrate.py; python main.py")
    ('cd src && python migrate.py', 'cd src && python main.py')
    """
    if not (line := split(text)).simple:
        return None
    *first, server = line.parts
    jobs = _jobs(text)
    end = 1 + max((n for n, part in enumerate(first) if part in jobs), default=-1)
    rest = [part for part in first if part not in jobs]
    return " && ".join(first[:end]), " && ".join([*rest, server])


def _jobs(text: str) -> list[str]:
    line = split(text)
    before = line.parts[:-1] if line.simple else before_server(text, _after)
    return [p for p in before if program(p) not in {"", *_HARMLESS, *_OWN}]


def program(part: str) -> str:
    """The program of a simple command, without the variables before it; empty for none."""
    words = [w for w in _WORDS.findall(part) if not _ASSIGNMENT.match(w)]
    if words[:1] == ["env"]:
        words = words[1:]
    return words[0] if words else ""


def _parted(part: str) -> tuple[str, str, str]:
    """A simple command's variables, its program, and what follows."""
    words = list(_WORDS.finditer(part))
    name = next(word for word in words if not _ASSIGNMENT.match(word[0]))
    return part[: name.start()], name[0], part[name.end() :].strip()


def last(text: str) -> str:
    """The last simple command of a line: the server."""
    return split(text).parts[-1]


def _after(text: str, position: int) -> int:
    """Where the next operator of sh stands from `position` on, outside of quotes and `$(...)`."""
    depth, ends = 0, {"'": "'", "`": "`"}
    while position < len(text):
        here = text[position]
        if here == "\\":
            position += 1
        elif here in ends:
            position = _closing(text, position, ends[here])
        elif here == '"':
            position = _double(text, position)
        elif text.startswith(("$(", "${"), position):
            depth, position = depth + 1, position + 1
        elif depth and here == "(":
            depth += 1
        elif depth and here in ")}":
            depth -= 1
        elif not depth and here in "&|;()":
            return position
        position += 1
    if depth:
        raise ValueError(f"{text!r}: a parenthesis is not closed")
    return position


def _closing(text: str, position: int, end: str) -> int:
    found = text.find(end, position + 1)
    if found < 0:
        raise ValueError(f"{text!r}: a quote ({end}) is not closed")
    return found


def _double(text: str, position: int) -> int:
    match = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, position)
    if not match:
        raise ValueError(f'{text!r}: a quote (") is not closed')
    return match.end() - 1
