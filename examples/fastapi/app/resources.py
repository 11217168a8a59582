"""The pools of PostgreSQL and Redis connections that a process holds."""

import psycopg
import redis.asyncio
from psycopg_pool import AsyncConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.settings import Settings

# Seconds a request waits for a free connection. Long enough for a queue under full load, far
# less than the 60 s after which Nginx gives up.
QUEUE = 10
# Seconds to reach a server that should be next door.
CONNECT = 2


def database_pool(settings: Settings) -> AsyncConnectionPool:
    """A closed pool, at most `database_pool_size` connections; open it in the running loop."""
    return AsyncConnectionPool(
        settings.database_url,
        min_size=1,
        max_size=settings.database_pool_size,
        open=False,
        timeout=QUEUE,
        # Pre-ping: a connection that PostgreSQL or PgBouncer closed never reaches a request.
        check=AsyncConnectionPool.check_connection,
        max_lifetime=3600,
        max_idle=30,
        # After this the pool waits for the next request to try again, instead of backing off
        # for minutes: a database that is back is used again within seconds.
        reconnect_timeout=CONNECT,
        kwargs={
            "autocommit": True,
            # No prepared statements: with PgBouncer's transaction pooling the next query may
            # run on another server connection, which has never seen them.
            "prepare_threshold": None,
            "connect_timeout": CONNECT,
            "application_name": settings.instance,
        },
    )


def redis_client(settings: Settings, *, timeout: float = 2) -> redis.asyncio.Redis:
    """A client whose commands end after `timeout` seconds."""
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        settings.redis_url,
        # Blocking: the ordinary pool raises an error when its last connection is taken.
        max_connections=settings.redis_pool_size,
        timeout=QUEUE,
        socket_timeout=timeout,
        socket_connect_timeout=CONNECT,
        health_check_interval=30,
        # One more try, at once, for a connection that Redis has closed meanwhile.
        retry=Retry(NoBackoff(), 1),
        protocol=2,
    )
    return redis.asyncio.Redis.from_pool(pool)


def connect(url: str) -> psycopg.Connection:
    """One connection, for the short commands (migrate, seed, cleanup)."""
    return psycopg.connect(url, autocommit=True, prepare_threshold=None, connect_timeout=10)
