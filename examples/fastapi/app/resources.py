"""The pools of PostgreSQL and Redis connections that a process holds."""

import asyncio
import select

import psycopg
import redis.asyncio
from psycopg_pool import AsyncConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.settings import Settings

# Seconds a request waits for a free connection. Long enough for a queue under full load, far
# less than the 60 s after which Nginx gives up.
QUEUE = 20
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
        check=check,
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


async def check(connection: psycopg.AsyncConnection) -> None:
    """Raises psycopg.OperationalError if PostgreSQL or PgBouncer has closed `connection`.

    Nothing is sent to an idle connection unless it is being closed. So it is pinged only if there
    is something to read: a ping before each query would cost as much as the query.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def read(pool: AsyncConnectionPool, query: str, params: tuple = ()) -> tuple | None:
    """The first row of a query that changes nothing.

    So it may be repeated if its connection broke: a database that is restarted, or a connection
    that is killed, costs no reader anything.
    """
    for last in (False, True):
        async with pool.connection() as connection:
            try:
                return await (await connection.execute(query, params)).fetchone()
            except psycopg.OperationalError as error:
                shut_down = (error.sqlstate or "").startswith("57P")
                if last or not (connection.broken or shut_down):
                    raise
    return None


class FairRedis(redis.asyncio.Redis):
    """Commands get the pool's connections in the order in which they came.

    The blocking pool alone lets newcomers overtake those that wait: with 400 requests at a time
    the slowest in a hundred took fifty times as long as the median.
    """

    turns: asyncio.Semaphore

    async def execute_command(self, *args, **options):
        try:
            # Without a queue there is nothing to time, and a timer costs.
            turn = self.turns.acquire()
            await (asyncio.wait_for(turn, QUEUE) if self.turns.locked() else turn)
        except asyncio.TimeoutError:
            raise redis.TimeoutError("no connection became free") from None
        try:
            return await super().execute_command(*args, **options)
        finally:
            self.turns.release()


def redis_client(settings: Settings, *, timeout: float = 2) -> FairRedis:
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
    client = FairRedis.from_pool(pool)
    client.turns = asyncio.Semaphore(settings.redis_pool_size)
    return client


def connect(url: str) -> psycopg.Connection:
    """One connection, for the short commands (migrate, seed, cleanup)."""
    return psycopg.connect(url, autocommit=True, prepare_threshold=None, connect_timeout=10)
