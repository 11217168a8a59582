"""A MongoDB elsewhere."""

from __future__ import annotations

import os
import re
from typing import Any

from .service import TIMEOUT, Found, Refused, Wish, require


def look(wish: Wish) -> Found:
    """MongoDB: logs in, and says its version."""
    import pymongo

    path = ""
    if wish["authorities"]:
        # The library takes a file alone; this one has no name.
        memory = os.memfd_create("authorities")
        os.write(memory, wish["authorities"].encode())
        path = f"/proc/self/fd/{memory}"
    ms = TIMEOUT * 1000
    own: dict[str, Any] = {"tlsCAFile": path} if path else {}
    server: Any = pymongo.MongoClient(
        wish["uri"], serverSelectionTimeoutMS=ms, connectTimeoutMS=ms, socketTimeoutMS=ms,
        maxPoolSize=1, **own,
    )  # fmt: skip
    try:
        server.admin.command("ping")
        said = server.admin.command("connectionStatus")["authInfo"]["authenticatedUsers"]
        version = str(server.admin.command("buildInfo").get("version", ""))
    except pymongo.errors.OperationFailure as error:
        raise Refused((error.details or {}).get("errmsg", "it refuses the login")) from None
    except pymongo.errors.ServerSelectionTimeoutError as error:
        said = re.sub(r" \(configured timeouts: [^)]*\)", "", str(error).split(", Timeout:")[0])
        raise Refused(f"no server of it can be reached: {said}") from None
    finally:
        server.close()
    if not said:
        raise Refused("it takes the user for nobody")
    require("mongodb", int(version.split(".", maxsplit=1)[0]))
    return f"MongoDB {version}", []
