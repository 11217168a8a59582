"""What has a host name of its own."""

import os

from fastapi import FastAPI

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/ready")
def ready() -> dict[str, str]:
    return {"status": "ready"}


@app.get("/{path:path}")
def whatever(path: str) -> dict[str, str]:
    return {"kind": "admin", "path": path, "release": os.environ["RELEASE"]}
