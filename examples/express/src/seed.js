/** Items to look at in an empty database: `npm run seed`. Leaves existing ones alone. */

import { connect } from "./resources.js";
import { load } from "./settings.js";

const SEED = `
  INSERT INTO items (name, description)
  SELECT 'Item ' || n, 'One of the first items, so that the list has something to show: ' || n
  FROM generate_series(1, 30) AS n
  WHERE NOT EXISTS (SELECT FROM items)`;

const db = await connect(load().databaseUrl);
try {
  console.log((await db.query(SEED)).rowCount, "items added");
} finally {
  await db.end();
}
