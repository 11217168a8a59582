/** A list from PostgreSQL, cached in Redis, and a write that makes the cache forget it. */

import { RESP_TYPES } from "@redis/client";
import express, { Router } from "express";
import { Refused } from "./errors.js";
import { log } from "./logs.js";

export const CACHE_KEY = "cache:items";

// PostgreSQL builds the JSON: one value comes back, and JavaScript never handles the rows.
const LATEST = `
  SELECT coalesce(json_agg(latest), '[]')::text AS body FROM (
    SELECT id, name, description, created_at
    FROM items ORDER BY created_at DESC, id DESC LIMIT 30
  ) AS latest`;

export function items({ settings, database, redis }) {
  const router = Router();
  // Bytes in, bytes out: the cached list is never decoded.
  const cache = redis.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  let filling; // one query a process, however many requests miss the cache at the same moment

  const query = async () => Buffer.from((await database.read(LATEST)).rows[0].body);

  async function fill() {
    const body = await query();
    await cache.set(CACHE_KEY, body, { expiration: { type: "EX", value: settings.cacheTtl } }).catch(uncached);
    return body;
  }

  // Without Redis the list is slower, not gone.
  async function cached() {
    const body = await cache.get(CACHE_KEY).catch(uncached);
    if (body) return [body, "cache"];
    filling ??= fill().finally(() => {
      filling = undefined;
    });
    return [await filling, "database"];
  }

  // The 30 latest items; `cache=no` asks the database, whatever Redis holds.
  router.get("/items", async (request, response) => {
    const fresh = request.query.cache === "no" || !settings.cacheTtl;
    const [body, source] = fresh ? [await query(), "database"] : await cached();
    response.writeHead(200, {
      "Content-Type": "application/json",
      "Content-Length": body.length,
      // Nginx may hold it for a second too, where it is told to; browsers may not.
      "Cache-Control": fresh ? "no-store" : "public, max-age=0, s-maxage=1",
      "X-Source": source,
    });
    response.end(body);
  });

  router.post("/items", express.json(), async (request, response) => {
    const { name, description } = newItem(request.body);
    const { rows } = await database.query(
      "INSERT INTO items (name, description) VALUES ($1, $2) RETURNING id, name, description",
      [name, description],
    );
    // If it fails the item is safe all the same; others see it once CACHE_TTL is over.
    await cache.del(CACHE_KEY).catch(uncached);
    response.status(201).json(rows[0]);
  });

  return router;
}

/** The item in a request's body; throws Refused. */
export function newItem({ name, description = "" } = {}) {
  if (typeof name !== "string" || name.length < 1 || name.length > 100) {
    throw new Refused(422, "name: 1 to 100 characters");
  }
  if (typeof description !== "string" || description.length > 1000) {
    throw new Refused(422, "description: at most 1000 characters");
  }
  return { name, description };
}

function uncached(error) {
  log.warning("cache unreachable", { error: error.message });
}
