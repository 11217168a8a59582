/** The store in PostgreSQL. */

import pg from "pg";
import { settings } from "./settings.js";
import type { Note, Store } from "./store.js";

export function postgres(): Store {
  const pool = new pg.Pool({
    connectionString: settings.databaseUrl,
    max: settings.poolSize,
    min: settings.poolLeast,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: 3600,
    connectionTimeoutMillis: 20_000,
    statement_timeout: undefined, // the role's own, 60 s
    query_timeout: 65_000,
  });
  pool.on("error", (error) => console.warn(JSON.stringify({ level: "warning", lost: error.message })));
  const rows = async (text: string, values: unknown[] = []) => (await pool.query(text, values)).rows;
  return {
    addAccount: async (email, hash) =>
      (await rows("INSERT INTO accounts VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING email", [email, hash]))
        .length > 0,
    hashOf: async (email) => (await rows("SELECT hash FROM accounts WHERE email = $1", [email]))[0]?.hash,
    add: async ({ text, by }) =>
      (await rows('INSERT INTO notes (text, "by") VALUES ($1, $2) RETURNING id::text, text, "by"', [text, by]))[0],
    latest: () => rows('SELECT id::text, text, "by" FROM notes ORDER BY notes.id DESC LIMIT 30') as Promise<Note[]>,
    one: async (id) =>
      /^\d{1,18}$/.test(id) ? (await rows('SELECT id::text, text, "by" FROM notes WHERE id = $1', [id]))[0] : undefined,
    ping: () => rows("SELECT 1"),
    close: () => pool.end(),
  };
}
