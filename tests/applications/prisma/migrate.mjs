// Applies what is in prisma/migrations, in its order, once: as `prisma migrate deploy` does.
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";

const database = new pg.Client({ connectionString: process.env.DIRECT_URL });
await database.connect();
await database.query("CREATE TABLE IF NOT EXISTS applied (name TEXT PRIMARY KEY)");
const folders = readdirSync("prisma/migrations", { withFileTypes: true });
for (const { name } of folders.filter((each) => each.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const known = await database.query("SELECT 1 FROM applied WHERE name = $1", [name]);
  if (known.rowCount) continue;
  await database.query(readFileSync(`prisma/migrations/${name}/migration.sql`, "utf8"));
  await database.query("INSERT INTO applied VALUES ($1)", [name]);
}
await database.end();
