"""A list from PostgreSQL, cached in Redis, and a write that makes the cache forget it."""

import logging
from typing import Literal

import redis
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from psycopg.rows import dict_row
from pydantic import BaseModel, Field

from app.resources import read

router = APIRouter(tags=["items"])
log = logging.getLogger(__name__)

CACHE_KEY = "cache:items"
# PostgreSQL builds the JSON: one value comes back, and Python never handles the rows.
LATEST = """
    SELECT coalesce(json_agg(latest), '[]')::text FROM (
        SELECT id, name, description, created_at
        FROM items ORDER BY created_at DESC, id DESC LIMIT 30
    ) AS latest
"""


class NewItem(BaseModel):
    name: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=1000)


@router.get("/items", response_class=Response)
async def list_items(request: Request, cache: Literal["yes", "no"] = "yes") -> Response:
    """The 30 latest items; `cache=no` asks the database, whatever Redis holds."""
    state = request.app.state
    if cache == "no" or not state.settings.cache_ttl:
        body, source, age = await query(state), "database", "no-store"
    else:
        body, source = await cached(state)
        # Nginx may hold it for a second too, where it is told to; browsers may not.
        age = "public, max-age=0, s-maxage=1"
    headers = {"Cache-Control": age, "X-Source": source}
    return Response(body, media_type="application/json", headers=headers)


@router.post("/items", status_code=201)
async def create_item(request: Request, item: NewItem) -> JSONResponse:
    async with request.app.state.database.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(
            "INSERT INTO items (name, description) VALUES (%s, %s) RETURNING id, name, description",
            (item.name, item.description),
        )
        created = await cursor.fetchone()
    try:
        await request.app.state.redis.delete(CACHE_KEY)
    except redis.RedisError as error:
        # The item is safe; others see it once CACHE_TTL is over.
        log.warning("cache not cleared: %s", error)
    return JSONResponse(created, 201)


async def cached(state) -> tuple[bytes, str]:
    """The list as JSON bytes, and where it came from. Without Redis it is slower, not gone."""
    try:
        if body := await state.redis.get(CACHE_KEY):
            return body, "cache"
        # One query a process, however many requests miss the cache at the same moment.
        async with state.filling:
            if body := await state.redis.get(CACHE_KEY):
                return body, "cache"
            body = await query(state)
            await state.redis.set(CACHE_KEY, body, ex=state.settings.cache_ttl)
            return body, "database"
    except redis.RedisError as error:
        log.warning("cache unreachable: %s", error)
        return await query(state), "database"


async def query(state) -> bytes:
    row = await read(state.database, LATEST)
    return row[0].encode()
