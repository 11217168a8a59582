/** What the environment says. The only module that reads it. */

import { basename, dirname } from "node:path";

/**
 * Settings from `env`; the defaults suit a developer's machine, readyhost sets every value on a host.
 * Throws an Error with one clear line if a value is missing or no number.
 */
export function load(env = process.env) {
  const environment = env.ENVIRONMENT || "development";
  const development = environment === "development";
  if (!env.SECRET_KEY && !development) {
    throw new Error("SECRET_KEY is not set: sessions can't be signed");
  }
  const socket = env.SOCKET || "";
  const port = number(env, "PORT", 8000);
  return Object.freeze({
    environment,
    development,
    production: environment === "production",
    release: env.RELEASE || "development",
    secretKey: env.SECRET_KEY || "only-for-development",
    databaseUrl: env.DATABASE_URL || "postgresql://localhost/example",
    migrationDatabaseUrl: env.MIGRATION_DATABASE_URL || "",
    databasePoolSize: number(env, "DATABASE_POOL_SIZE", 5), // connections this process may hold
    redisUrl: env.REDIS_URL || "redis://localhost:6379/0",
    cacheTtl: number(env, "CACHE_TTL", 300, 0), // seconds; 0: nothing is cached
    keepItemsDays: number(env, "KEEP_ITEMS_DAYS", 90), // days
    sentryDsn: env.SENTRY_DSN || "",
    uploadsDir: env.UPLOADS_DIR || "uploads",
    socket, // path of the Unix socket; empty: listen on the port
    port,
    // Which process this is, as its socket says: "blue/web-1" of /run/app/blue/web-1.sock.
    instance: socket ? `${basename(dirname(socket))}/${basename(socket, ".sock")}` : `port ${port}`,
    logLevel: (env.LOG_LEVEL || "INFO").toUpperCase(),
  });
}

function number(env, name, otherwise, least = 1) {
  const value = Number(env[name] || otherwise);
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`${name} must be a whole number, ${least} or more: ${env[name]}`);
  }
  return value;
}
