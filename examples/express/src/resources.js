/** The connections to PostgreSQL and Redis that a process holds. */

import { createClient } from "@redis/client";
import pg from "pg";
import { Unavailable } from "./errors.js";
import { log } from "./logs.js";

// Milliseconds a request waits for a free connection. Long enough for a queue under full load, far
// less than the 60 s after which Nginx gives up.
const QUEUE = 20_000;

// bigint arrives as text, since it can be larger than a JavaScript number counts. Our ids are not.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * A pool of at most `databasePoolSize` connections. Its query() throws Unavailable if no answer can be had.
 *
 * Statements have no name, so PgBouncer's transaction pooling may send each to another server connection.
 * No ping before use: a closed connection raises an event here, and leaves the pool before a request gets it.
 */
export function openDatabase(settings) {
  const pool = new pg.Pool({
    connectionString: settings.databaseUrl,
    application_name: settings.instance,
    max: settings.databasePoolSize,
    connectionTimeoutMillis: QUEUE,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 3600,
    query_timeout: 65_000, // just above PostgreSQL's own limit: for a server that no longer answers at all
    keepAlive: true,
  });
  pool.on("error", (error) => log.warning("idle connection lost", { error: error.message }));
  const query = async (text, values) => {
    try {
      return await pool.query(text, values);
    } catch (error) {
      throw refused(error) ? error : new Unavailable(error);
    }
  };
  return {
    query,
    // Only for a query that changes nothing: it is repeated if its connection broke, so that a database
    // that is restarted, or a connection that is killed, costs no reader anything.
    read: (text, values) =>
      query(text, values).catch((error) => {
        if (broken(error.cause)) return query(text, values);
        throw error;
      }),
    end: () => pool.end(),
  };
}

const broken = (error) =>
  /^(57P|ECONNRESET|EPIPE)/.test(error?.code ?? "") || error?.message === "Connection terminated unexpectedly";

/** Is it the statement that PostgreSQL objects to? Classes 08, 53 and 57: connection, resources, shut down. */
function refused(error) {
  return error instanceof pg.DatabaseError && !/^(08|53|57)/.test(error.code ?? "");
}

/** One connection, for the short commands (migrate, seed, cleanup). */
export async function connect(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  return client;
}

/**
 * A Redis client that is connecting. One connection serves the whole process: commands of concurrent
 * requests travel together, so there is no pool to size (REDIS_POOL_SIZE is for clients that need one).
 * A server silent for `silence` milliseconds counts as lost.
 */
export function openRedis(settings, silence = 2500) {
  const client = createClient({
    url: settings.redisUrl,
    RESP: 2,
    disableOfflineQueue: true, // without a connection a command fails at once, it doesn't wait
    pingInterval: 1000,
    socket: {
      connectTimeout: 2000,
      socketTimeout: silence,
      reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 1000),
    },
  });
  client.on("error", (error) => log.error("cache connection", { error: error.message || error.code }));
  client.connect().catch(() => {}); // reported by the event above, and tried again
  return client;
}
