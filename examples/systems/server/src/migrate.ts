/** Tables and indexes, once per release; what is there stays. */

import pg from "pg";
import { settings } from "./settings.js";

const client = new pg.Client({ connectionString: settings.migrationDatabaseUrl });
await client.connect();
await client.query("CREATE TABLE IF NOT EXISTS accounts (email text PRIMARY KEY, hash text NOT NULL)");
await client.query(
  `CREATE TABLE IF NOT EXISTS notes
     (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL, "by" text NOT NULL)`,
);
await client.query('CREATE INDEX CONCURRENTLY IF NOT EXISTS notes_by ON notes ("by")');
await client.end();
