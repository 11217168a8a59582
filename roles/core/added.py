"""A plan's parts with the team's snippets among their files. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .entries import File
from .fileset import Files
from .plan import files
from .service import Service
from .services import Services
from .snippet_place import SnippetPlace
from .snippets import Snippet, refuse
from .step import Guarded, Part, Step, UntilLive
from .templates import Refused, render_text


@dataclass(frozen=True)
class _Added:
    place: SnippetPlace
    file: File


def added(
    parts: Sequence[Part],
    snippets: Sequence[Snippet],
    places: Sequence[SnippetPlace],
    values: Mapping[str, Mapping[str, Any]],
) -> list[Part]:
    """`parts` with `snippets` in them. values: what a role's snippets may print, by role.

    Raises OperatorError with all that are refused, in the team's own words for them.
    """
    by_folder = {place.folder: place for place in places}
    present = [entry for part in parts for step in files(part.steps) for entry in step.entries]
    there = [entry for entry in present if isinstance(entry, File)]
    found: list[_Added] = []
    wrong = []
    for snippet in snippets:
        place = by_folder.get(snippet.folder)
        if place is None:
            wrong.append(_unknown(snippet, list(by_folder)))
            continue
        try:
            file = _file(snippet, place, values.get(place.role, {}))
        except Refused as error:
            wrong.append(f"{snippet.source}{error}")
            continue
        if words := place.wrong(str(file.content), there):
            wrong.append(f"{snippet.source}: {words}")
        found.append(_Added(place, file))
        there.append(file)
    refuse(wrong)
    return [_part(part, [one for one in found if one.place.role == part.role]) for part in parts]


def _unknown(snippet: Snippet, folders: list[str]) -> str:
    near = difflib.get_close_matches(snippet.folder, folders, 1)
    also = [folder for folder in folders if folder.startswith(f"{snippet.folder}/")]
    hint = f"{' or '.join(also or near)}?" if also or near else f"there are {', '.join(folders)}"
    return f"{snippet.source}: no role takes files from {snippet.folder}/; {hint}"


def _file(snippet: Snippet, place: SnippetPlace, values: Mapping[str, Any]) -> File:
    file = render_text(
        snippet.text,
        place.at(snippet.name),
        mode=place.mode,
        owner=place.owner,
        group=place.group,
        **values,
    )
    return replace(file, source=snippet.source)


def _part(part: Part, found: Sequence[_Added]) -> Part:
    if not found:
        return part
    of_place = {one.place.folder: one.place for one in found}.values()
    further = [
        step
        for place in of_place
        for step in place.steps([one.file for one in found if one.place == place])
    ]
    return replace(
        part,
        steps=(*(_step(step, part.role, found) for step in part.steps), *further),
        last=tuple(_step(step, part.role, found) for step in part.last),
    )


def _step(step: Step, role: str, found: Sequence[_Added]) -> Step:
    if isinstance(step, Guarded):
        return replace(step, step=_step(step.step, role, found))
    if isinstance(step, UntilLive):
        lasting = step.lasting and _step(step.lasting, role, found)
        return replace(step, step=_step(step.step, role, found), lasting=lasting)
    if isinstance(step, Services):
        return replace(step, services=[_service(one, found) for one in step.services])
    if isinstance(step, Files) and step.role == role:
        return _files(step, found)
    return step


def _files(step: Files, found: Sequence[_Added]) -> Files:
    checks = [one.place.check(one.file) for one in found if one.place.check]
    commands = dict.fromkeys(each for one in found for each in one.place.commands)
    return replace(
        step,
        entries=[*_including(step.entries, found), *(one.file for one in found)],
        checks=[*step.checks, *checks],
        services=[_service(one, found) for one in step.services],
        commands=[*step.commands, *(each for each in commands if each not in step.commands)],
    )


def _service(service: Service, found: Sequence[_Added]) -> Service:
    mine = [one for one in found if one.place.unit == service.unit]
    if not mine:
        return service
    return replace(
        service,
        configuration=[*_including(service.configuration, mine), *(one.file for one in mine)],
        restart_paths=(
            *service.restart_paths,
            *(one.file.path for one in mine if one.place.restart),
        ),
    )


def _including(entries: Sequence[Any], found: Sequence[_Added]) -> list[Any]:
    """`entries`, with the lines that take in the files."""
    lines: dict[str, str] = {}
    for one in found:
        if one.place.include:
            path, line = one.place.include
            lines[path] = lines.get(path, "") + line.format(path=one.file.path) + "\n"
    return [
        replace(entry, content=str(entry.content) + lines[entry.path])
        if isinstance(entry, File) and entry.path in lines
        else entry
        for entry in entries
    ]
