"""What the front end asks for, below /api."""

import os

from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
RELEASE = os.environ["RELEASE"]


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/greeting")
def greeting() -> dict[str, str]:
    return {"release": RELEASE}
