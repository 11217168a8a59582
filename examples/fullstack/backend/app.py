"""The back end: what the front end asks for, below /api."""

import os

from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
RELEASE = os.environ.get("RELEASE", "development")


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/greeting")
def greeting(name: str = "world") -> dict[str, str]:
    return {"text": f"Hello, {name}!", "release": RELEASE}
