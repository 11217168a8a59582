"""Is this process able to serve, and which one is it?"""

import asyncio
import os

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from app.resources import read

router = APIRouter(tags=["health"])

# Seconds until a silent database or cache counts as unreachable.
TIMEOUT = 3
FRESH = {"Cache-Control": "no-store"}


@router.get("/health")
async def health(request: Request) -> JSONResponse:
    """200 if database and cache answer, 503 if one does not."""
    state = request.app.state
    asked = {
        "database": asyncio.ensure_future(read(state.database, "SELECT 1")),
        "cache": asyncio.ensure_future(state.redis.ping()),
    }
    # asyncio.wait, not wait_for: that one waits for the cancelled task too, however long it takes.
    _, silent = await asyncio.wait(asked.values(), timeout=TIMEOUT)
    for task in silent:
        task.cancel()
    answers = {name: verdict(task) for name, task in asked.items()}
    healthy = all(answer == "ok" for answer in answers.values())
    body = {"status": "ok" if healthy else "unavailable", **answers}
    return JSONResponse(body, 200 if healthy else 503, FRESH)


def verdict(task: asyncio.Future) -> str:
    """No more than this: what is wrong in detail is the log's to say, not a stranger's to read."""
    if not task.done():
        return "silent"
    return "unreachable" if task.exception() else "ok"


@router.get("/version")
async def version(request: Request) -> JSONResponse:
    """The release, and the process that answered."""
    settings = request.app.state.settings
    body = {"release": settings.release, "instance": settings.instance, "pid": os.getpid()}
    return JSONResponse(body, headers=FRESH)
