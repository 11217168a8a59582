"""What stays open: a slow response, a WebSocket, server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

router = APIRouter(tags=["live"])


@router.get("/slow")
async def slow(seconds: Annotated[float, Query(ge=0, le=120)] = 2) -> dict[str, float]:
    """Answers after `seconds`: to watch a graceful stop, or a timeout in front of it."""
    await asyncio.sleep(seconds)
    return {"seconds": seconds}


@router.websocket("/ws/echo")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


@router.get("/events", response_class=StreamingResponse)
async def events(request: Request) -> StreamingResponse:
    """One event a second, until the client leaves or the process stops."""
    return StreamingResponse(
        ticks(request),
        media_type="text/event-stream",
        # Nginx would otherwise collect events until its buffer is full.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def ticks(request: Request) -> AsyncIterator[str]:
    number = 0
    # A browser connects again by itself, to the release that is then live.
    yield "retry: 1000\n\n"
    while not request.app.state.stopping:
        number += 1
        data = json.dumps({"number": number, "time": time.time()})
        yield f"id: {number}\nevent: tick\ndata: {data}\n\n"
        await asyncio.sleep(1)
