"""The API: accounts, notes of jobs kept in PostgreSQL and Redis, uploads in a folder."""

import json
import os
import re
import secrets
from datetime import datetime, timedelta, timezone
from hashlib import scrypt
from pathlib import Path

import jwt
import redis
from fastapi import APIRouter, Cookie, Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import create_engine, text

SECRET = os.environ.get("SECRET_KEY", "only-for-development-and-long-enough")
LIFETIME = timedelta(minutes=int(os.environ.get("ACCESS_TOKEN_EXPIRE_MINUTES", "60")))
TTL = int(os.environ.get("CACHE_TTL", "300"))  # seconds
UPLOADS = Path(os.environ.get("UPLOADS_DIR", "uploads"))
DEVELOPMENT = os.environ.get("ENVIRONMENT", "development") == "development"

_part = {
    name: os.environ.get(f"POSTGRES_{name}", "")
    for name in ("HOST", "PORT", "USER", "PASSWORD", "DB")
}
# This process' part of all connections: a third is kept, the rest opened in need, as 20 and 40.
_pool = int(os.environ.get("DATABASE_POOL_SIZE", "3"))
engine = create_engine(
    "postgresql+psycopg://",
    connect_args={
        "host": _part["HOST"], "port": _part["PORT"], "user": _part["USER"],
        "password": _part["PASSWORD"], "dbname": _part["DB"],
    },
    pool_size=max(_pool // 3, 1),
    max_overflow=_pool - max(_pool // 3, 1),
    pool_recycle=3600,
    pool_pre_ping=True,
)  # fmt: skip
cache = None
if os.environ.get("REDIS_ENABLED", "false") == "true":
    cache = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=2)

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
api = APIRouter(prefix="/api")


class Credentials(BaseModel):
    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    password: str = Field(min_length=12, max_length=128)


class Note(BaseModel):
    text: str = Field(min_length=1, max_length=1000)


def rows(statement: str, **values: object) -> list[dict]:
    with engine.begin() as connection:
        found = connection.execute(text(statement), values)
        return [dict(row) for row in found.mappings()] if found.returns_rows else []


def hashed(password: str, salt: str) -> str:
    return f"{salt}:{scrypt(password.encode(), salt=salt.encode(), n=2**14, r=8, p=1).hex()}"


def welcome(response: Response, email: str) -> dict:
    until = datetime.now(timezone.utc) + LIFETIME
    token = jwt.encode({"sub": email, "exp": until}, SECRET, "HS256")
    response.set_cookie("token", token, httponly=True, samesite="lax", secure=not DEVELOPMENT)
    return {"email": email}


def who(token: str = Cookie("")) -> str:
    try:
        return jwt.decode(token, SECRET, ["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise HTTPException(401, "sign in first") from None


@app.get("/health")
def health(response: Response) -> dict:
    try:
        rows("SELECT 1")
        if cache:
            cache.ping()
    except Exception:
        response.status_code = 503
        return {"status": "unavailable"}
    return {"status": "ok"}


@api.get("/version")
def version() -> dict:
    return {"release": os.environ.get("RELEASE", "development"), "process": os.getpid()}


@api.post("/accounts")
def account(given: Credentials, response: Response) -> dict:
    made = rows(
        "INSERT INTO accounts VALUES (:email, :hash) ON CONFLICT DO NOTHING RETURNING email",
        email=given.email, hash=hashed(given.password, secrets.token_hex(16)),
    )  # fmt: skip
    if not made:
        raise HTTPException(409, "there is such an account")
    return welcome(response, given.email)


@api.post("/login")
def login(given: Credentials, response: Response) -> dict:
    found = rows("SELECT hash FROM accounts WHERE email = :email", email=given.email)
    known = found[0]["hash"] if found else hashed("nobody has this password", secrets.token_hex(16))
    if not secrets.compare_digest(hashed(given.password, known.split(":")[0]), known):
        raise HTTPException(401, "wrong address or password")
    return welcome(response, given.email)


@api.get("/me")
def me(email: str = Depends(who)) -> dict:
    return {"email": email}


@api.get("/notes")
def latest(response: Response, _: str = Depends(who)) -> list:
    kept = cache.get("latest") if cache else None
    response.headers["X-Cache"] = "hit" if kept else "miss"
    if kept:
        return json.loads(kept)
    found = rows("SELECT id, text FROM notes ORDER BY id DESC LIMIT 30")
    if cache:
        cache.set("latest", json.dumps(found), ex=TTL)
    return found


@api.post("/notes", status_code=201)
def add(note: Note, email: str = Depends(who)) -> dict:
    (made,) = rows(
        'INSERT INTO notes (text, "by") VALUES (:text, :by) RETURNING id, text',
        text=note.text,
        by=email,
    )
    if cache:
        cache.delete("latest")
    return made


@api.get("/notes/{number}")
def one(number: int, _: str = Depends(who)) -> dict:
    found = rows("SELECT id, text FROM notes WHERE id = :id", id=number)
    if not found:
        raise HTTPException(404, "no such note")
    return found[0]


@api.post("/uploads", status_code=201)
async def upload(request: Request, name: str, _: str = Depends(who)) -> dict:
    ending = Path(name).suffix.lower()
    shown = ending if re.fullmatch(r"\.(gif|jpg|pdf|png|txt|webp)", ending) else ".bin"
    kept = UPLOADS / f"{secrets.token_hex(16)}{shown}"
    UPLOADS.mkdir(exist_ok=True)
    partial = kept.with_name(f".{kept.name}.part")
    with partial.open("xb") as file:
        async for piece in request.stream():
            file.write(piece)
    partial.rename(kept)  # Nginx never sees half a file
    return {"url": f"/uploads/{kept.name}"}


app.include_router(api)
