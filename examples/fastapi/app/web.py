"""The web application: its parts, put together."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from string import Template

import psycopg
import redis
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from app import accounts, errors, health, items, live, logs, resources, uploads
from app.settings import Settings

ROOT = Path(__file__).parent.parent
log = logging.getLogger(__name__)


def create(settings: Settings) -> FastAPI:
    """The application of one process. Nothing is connected before the server starts it."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Starts without database and cache too: /health says so until they answer, and a
        # process that dies instead would be restarted over and over.
        app.state.filling = asyncio.Lock()
        app.state.redis = resources.redis_client(settings)
        app.state.database = resources.database_pool(settings)
        await app.state.database.open(wait=False)
        yield
        await app.state.database.close()
        await app.state.redis.aclose()

    errors.report_to_sentry(settings)
    app = FastAPI(
        title="readyhost example",
        version=settings.release,
        lifespan=lifespan,
        # The documentation is for developers; without its URL, /docs and /redoc are closed too.
        openapi_url=None if settings.production else "/openapi.json",
    )
    app.state.settings = settings
    app.state.stopping = False
    app.add_middleware(logs.AccessLog, release=settings.release)
    for part in (health, items, uploads, accounts, live):
        app.include_router(part.router)

    page = Template((ROOT / "app/index.html").read_text()).substitute(
        release=settings.release, environment=settings.environment
    )

    @app.get("/", include_in_schema=False)
    async def index() -> HTMLResponse:
        return HTMLResponse(page)

    # Nginx answers these itself on a host; here they serve a developer's browser.
    settings.uploads_dir.mkdir(parents=True, exist_ok=True)
    app.mount("/static", StaticFiles(directory=ROOT / "static"))
    app.mount("/uploads", StaticFiles(directory=settings.uploads_dir))

    @app.exception_handler(psycopg.OperationalError)
    @app.exception_handler(redis.RedisError)
    async def unavailable(request: Request, error: Exception) -> JSONResponse:
        log.error("unavailable: %s", error, extra={"fields": {"path": request.url.path}})
        return JSONResponse({"detail": "try again later"}, 503, {"Retry-After": "5"})

    return app
