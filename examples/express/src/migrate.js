/**
 * Brings the database up to date: `npm run migrate`, once per release, any number of times.
 *
 * `migrations/*.sql` run in order, each once, each in its own transaction. A file whose first line is
 * `-- no transaction` runs statement by statement without one (CREATE INDEX CONCURRENTLY needs that)
 * and must bear being run again after an interruption.
 */

import { readFileSync, readdirSync } from "node:fs";
import { connect } from "./resources.js";
import { load } from "./settings.js";
import { inTransaction, statements } from "./sql.js";

const LOCK = 7_305_811_942; // any number, the same for every run

const TABLE = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
  )`;

async function applied(db, name) {
  return (await db.query("SELECT 1 FROM schema_migrations WHERE name = $1", [name])).rowCount > 0;
}

const record = (db, name) => db.query("INSERT INTO schema_migrations (name) VALUES ($1)", [name]);

/**
 * Runs `work` in a transaction that no other run of this command shares, without a limit on its statements.
 * Both end with the transaction: what belongs to a session would outlive this run on a connection that
 * PgBouncer gives to someone else.
 */
async function alone(db, work) {
  await db.query("BEGIN");
  try {
    await db.query("SET LOCAL statement_timeout = 0");
    await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const result = await work();
    await db.query("COMMIT");
    return result;
  } catch (error) {
    await db.query("ROLLBACK");
    throw error;
  }
}

/** Applies one file; false if it was applied before. */
async function apply(db, name, sql) {
  if (inTransaction(sql)) {
    return alone(db, async () => {
      // Everybody queues behind a change that waits for a lock: rather fail than stop them.
      await db.query("SET LOCAL lock_timeout = '5s'");
      if (await applied(db, name)) return false;
      await db.query(sql);
      await record(db, name);
      return true;
    });
  }
  if (await applied(db, name)) return false;
  for (const statement of statements(sql)) await db.query(statement);
  await record(db, name);
  return true;
}

const settings = load();
const direct = settings.migrationDatabaseUrl;
const db = await connect(direct || settings.databaseUrl);
try {
  // Only a connection of our own may keep a setting. Building an index on a large table takes longer
  // than the server allows ordinary statements.
  if (direct) await db.query("SET statement_timeout = 0");
  await alone(db, () => db.query(TABLE));
  for (const name of readdirSync("migrations").filter((file) => file.endsWith(".sql")).sort()) {
    const sql = readFileSync(`migrations/${name}`, "utf8");
    console.log(name, (await apply(db, name, sql)) ? "applied" : "was applied");
  }
} finally {
  await db.end();
}
