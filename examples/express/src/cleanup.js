/** Deletes items older than KEEP_ITEMS_DAYS: `npm run cleanup`, once a night. */

import { createClient } from "@redis/client";
import { CACHE_KEY } from "./items.js";
import { log } from "./logs.js";
import { connect } from "./resources.js";
import { load } from "./settings.js";

const settings = load();
const db = await connect(settings.databaseUrl);
try {
  const { rowCount: deleted } = await db.query(
    "DELETE FROM items WHERE created_at < now() - make_interval(days => $1)",
    [settings.keepItemsDays],
  );
  if (deleted) {
    const redis = await createClient({ url: settings.redisUrl, RESP: 2, socket: { reconnectStrategy: false } }).connect();
    await redis.del(CACHE_KEY);
    redis.destroy();
  }
  log.info("done", { deleted });
} finally {
  await db.end();
}
