"""Deletes items older than KEEP_ITEMS_DAYS: `python -m app.cleanup`, once a night."""

import logging

import redis

from app import logs, settings
from app.items import CACHE_KEY
from app.resources import connect

log = logging.getLogger("cleanup")


def main() -> None:
    config = settings.load()
    logs.configure(config.log_level)
    with connect(config.database_url) as db:
        deleted = db.execute(
            "DELETE FROM items WHERE created_at < now() - make_interval(days => %s)",
            (config.keep_items_days,),
        ).rowcount
    if deleted:
        with redis.Redis.from_url(config.redis_url, socket_timeout=5) as cache:
            cache.delete(CACHE_KEY)
    log.info("done", extra={"fields": {"deleted": deleted}})


if __name__ == "__main__":
    main()
