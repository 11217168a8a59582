"""Uploads: the request stores the file, a worker does what may take longer, Nginx serves it."""

import asyncio
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from app.resources import read

router = APIRouter(tags=["uploads"])

JOBS = "jobs"  # the Redis stream that app.worker reads
# What a browser may show from this site's own address. Anything else, HTML above all, could run
# script in our visitors' sessions, so it is stored as a download.
SHOWN = {".csv", ".gif", ".jpeg", ".jpg", ".pdf", ".png", ".txt", ".webp"}
LATEST = """
    SELECT coalesce(json_agg(latest), '[]')::text FROM (
        SELECT name, original_name, size, sha256
        FROM uploads ORDER BY created_at DESC LIMIT 30
    ) AS latest
"""


@router.post("/uploads", status_code=201)
async def upload(request: Request, file: UploadFile) -> JSONResponse:
    state = request.app.state
    name = stored_name(file.filename or "")
    size = await asyncio.to_thread(store, file.file, state.settings.uploads_dir / name)
    async with state.database.connection() as connection:
        await connection.execute(
            "INSERT INTO uploads (name, original_name, size) VALUES (%s, %s, %s)",
            (name, file.filename or "", size),
        )
    # A limit, so that jobs can't fill the memory while no worker runs.
    await state.redis.xadd(JOBS, {"upload": name}, maxlen=10_000, approximate=True)
    url = f"/uploads/{name}"
    return JSONResponse({"name": name, "url": url, "size": size}, 201, {"Location": url})


@router.get("/uploads", response_class=Response)
async def list_uploads(request: Request) -> Response:
    """The 30 latest; `sha256` is null until the worker has seen the file."""
    row = await read(request.app.state.database, LATEST)
    headers = {"Cache-Control": "no-store"}
    return Response(row[0], media_type="application/json", headers=headers)


def stored_name(original: str) -> str:
    """A name nobody can guess or choose; only a harmless suffix survives of the client's."""
    suffix = Path(original).suffix.lower()
    return secrets.token_hex(16) + (suffix if suffix in SHOWN else ".bin")


def store(source: BinaryIO, target: Path) -> int:
    """Copies `source`, returns its size in bytes. Nginx never sees half a file: it is renamed."""
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("xb") as sink:
            shutil.copyfileobj(source, sink, 1024 * 1024)
            size = sink.tell()
            os.fsync(sink.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return size
