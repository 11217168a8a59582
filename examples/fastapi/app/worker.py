"""Does what a request should not wait for: `python -m app.worker`, as many as are needed.

Jobs come from a Redis stream. A job is acknowledged when its result is in PostgreSQL, so one whose
worker was killed is handed to another: every job is done at least once, and must bear twice.
"""

import asyncio
import hashlib
import logging
import os
import signal
import socket
from pathlib import Path

import psycopg
import redis

from app import errors, logs, resources, settings
from app.uploads import JOBS

log = logging.getLogger("worker")

GROUP = "workers"
BLOCK = 1000  # milliseconds to wait for a job, and so the longest an idle worker takes to stop
ABANDONED = 60_000  # milliseconds after which a job that nobody finished is taken over
TRIES = 5


class Worker:
    def __init__(self, config: settings.Settings) -> None:
        self.config = config
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.redis = resources.redis_client(config, timeout=10)
        self.database = resources.database_pool(config)
        self.stopping = False

    def stop(self) -> None:
        self.stopping = True

    async def run(self) -> None:
        """Works until stop(); the job at hand is finished first."""
        await self.database.open(wait=False)
        log.info("started", extra={"fields": {"name": self.name}})
        while not self.stopping:
            try:
                for job_id, fields in await self.next_job():
                    await self.attempt(job_id, fields)
            except (psycopg.OperationalError, redis.RedisError) as error:
                log.error("unavailable: %s", error)
                await asyncio.sleep(1)
        await self.database.close()
        await self.redis.aclose()
        log.info("stopped")

    async def next_job(self) -> list:
        """An abandoned job, or else a new one; empty after BLOCK."""
        if abandoned := await self.abandoned():
            return abandoned
        try:
            reply = await self.redis.xreadgroup(GROUP, self.name, {JOBS: ">"}, 1, BLOCK)
        except redis.ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            await self.redis.xgroup_create(JOBS, GROUP, id="0", mkstream=True)
            return []
        return reply[0][1] if reply else []

    async def abandoned(self) -> list:
        # XPENDING and XCLAIM, since XAUTOCLAIM came with Redis 6.2 and Ubuntu 22.04 has 6.0.
        try:
            pending = await self.redis.xpending_range(JOBS, GROUP, "-", "+", 10)
        except redis.ResponseError:
            return []  # no group yet
        for job in pending:
            if job["time_since_delivered"] < ABANDONED:
                continue
            job_id = job["message_id"]
            if job["times_delivered"] >= TRIES:
                log.error("given up", extra={"fields": {"job": job_id, "tries": TRIES}})
                await self.redis.xack(JOBS, GROUP, job_id)
                continue
            return await self.redis.xclaim(JOBS, GROUP, self.name, ABANDONED, [job_id])
        return []

    async def attempt(self, job_id: bytes, fields: dict[bytes, bytes]) -> None:
        """Does a job. One that fails stays pending, and is tried again later."""
        name = fields[b"upload"].decode()
        try:
            digest = await asyncio.to_thread(sha256, self.config.uploads_dir / name)
        except OSError:
            log.exception("failed", extra={"fields": {"upload": name}})
            return
        async with self.database.connection() as connection:
            await connection.execute(
                "UPDATE uploads SET sha256 = %s WHERE name = %s", (digest, name)
            )
        await self.redis.xack(JOBS, GROUP, job_id)
        await self.redis.xdel(JOBS, job_id)
        log.info("done", extra={"fields": {"upload": name}})


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()


async def main() -> None:
    config = settings.load()
    logs.configure(config.log_level)
    errors.report_to_sentry(config)
    worker = Worker(config)
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, worker.stop)
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
