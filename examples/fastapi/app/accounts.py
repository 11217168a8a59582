"""Accounts, and sessions in Redis. Nginx limits how often /login may be tried."""

import asyncio
import secrets

import psycopg
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from app import sessions
from app.resources import read

router = APIRouter(tags=["accounts"])

COOKIE = "session"
LIFETIME = 14 * 24 * 3600  # seconds
PRIVATE = {"Cache-Control": "private, no-store"}


class Credentials(BaseModel):
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
    password: str = Field(min_length=12, max_length=128)


@router.post("/accounts", status_code=201)
async def create_account(request: Request, new: Credentials) -> dict[str, str]:
    # Hashing is slow on purpose: in a thread, or every other request would wait for it.
    hashed = await asyncio.to_thread(sessions.hash_password, new.password)
    email = new.email.lower()
    try:
        async with request.app.state.database.connection() as connection:
            await connection.execute(
                "INSERT INTO accounts (email, password_hash) VALUES (%s, %s)", (email, hashed)
            )
    except psycopg.errors.UniqueViolation:
        raise HTTPException(409, "there is such an account") from None
    return {"email": email}


@router.post("/login")
async def login(request: Request, response: Response, given: Credentials) -> dict[str, str]:
    state = request.app.state
    email = given.email.lower()
    row = await read(
        state.database, "SELECT password_hash FROM accounts WHERE email = %s", (email,)
    )
    stored = row[0] if row else sessions.NOBODY
    if not await asyncio.to_thread(sessions.check_password, given.password, stored):
        raise HTTPException(401, "wrong email or password")
    session_id = secrets.token_urlsafe(32)
    await state.redis.set(f"session:{session_id}", email, ex=LIFETIME)
    response.set_cookie(
        COOKIE,
        sessions.sign(session_id, state.settings.secret_key),
        max_age=LIFETIME,
        httponly=True,
        samesite="lax",
        secure=not state.settings.development,
    )
    response.headers.update(PRIVATE)
    return {"email": email}


@router.get("/me")
async def me(request: Request, response: Response) -> dict[str, str]:
    response.headers.update(PRIVATE)
    session_id = current_session(request)
    email = await request.app.state.redis.get(f"session:{session_id}") if session_id else None
    if not email:
        raise HTTPException(401, "log in first", PRIVATE)
    return {"email": email.decode()}


@router.post("/logout", status_code=204)
async def logout(request: Request, response: Response) -> None:
    if session_id := current_session(request):
        await request.app.state.redis.delete(f"session:{session_id}")
    response.delete_cookie(COOKIE)


def current_session(request: Request) -> str:
    return sessions.verify(request.cookies.get(COOKIE, ""), request.app.state.settings.secret_key)
