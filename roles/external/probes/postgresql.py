"""A database elsewhere."""

from __future__ import annotations

from .service import TIMEOUT, Found, Refused, Wish, context, require


def look(wish: Wish) -> Found:
    """PostgreSQL: logs in, and says version, connections and what extensions there are."""
    import pg8000.native  # type: ignore[import-untyped]

    try:
        server = pg8000.native.Connection(
            wish["user"], host=wish["host"], port=wish["port"], database=wish["name"],
            password=wish["password"], ssl_context=context(wish["authorities"]), timeout=TIMEOUT,
        )  # fmt: skip
    except pg8000.exceptions.DatabaseError as error:
        said = error.args[0] if error.args else {}
        raise Refused(said.get("M", said) if isinstance(said, dict) else said) from None
    except pg8000.exceptions.InterfaceError as error:
        raise (error.__cause__ or error.__context__ or error) from None
    if type(server._usock).__module__ != "ssl":
        raise Refused("it speaks no TLS")
    number = int(server.run("SHOW server_version_num")[0][0])
    require("database", number // 10_000)
    most, own = server.run(
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int,"
        " (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user)"
    )[0]
    most = most if own is None or own < 0 else min(most, own)
    if most < wish["connections"]:
        raise Refused(f"it gives {most} connections, but {wish['what']} are {wish['connections']}")
    there = {row[0] for row in server.run("SELECT name FROM pg_available_extensions")}
    if missing := sorted(set(wish["extensions"]) - there):
        raise Refused(f"it has no extension {', '.join(missing)} ({wish['extensions_key']})")
    here = {row[0] for row in server.run("SELECT extname FROM pg_extension")}
    wanted = sorted(set(wish["extensions"]) - here)
    server.close()
    return f"PostgreSQL {number // 10_000}.{number % 10_000}, {most} connections", wanted
