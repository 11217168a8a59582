/**
 * Does what a request should not wait for: `node src/worker.js`, as many as are needed.
 *
 * Jobs come from a Redis stream. A job is acknowledged when its result is in PostgreSQL, so one whose
 * worker was killed is handed to another: every job is done at least once, and must bear twice.
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Unavailable, needed, reportToSentry } from "./errors.js";
import { log } from "./logs.js";
import { openDatabase, openRedis } from "./resources.js";
import { load } from "./settings.js";
import { JOBS } from "./uploads.js";

const GROUP = "workers";
const BLOCK = 1000; // milliseconds to wait for a job, and so the longest an idle worker takes to stop
const ABANDONED = 60_000; // milliseconds after which a job that nobody finished is taken over
const TRIES = 5;

const settings = load();
await reportToSentry(settings);
const name = `${hostname()}-${process.pid}`;
const database = openDatabase(settings);
const redis = openRedis(settings, 10_000);

let stopping = false;
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => (stopping = true));

/** An abandoned job, or else a new one; undefined after BLOCK. */
async function nextJob() {
  try {
    const abandoned = await takeOver();
    if (abandoned) return abandoned;
    const reply = await redis.xReadGroup(GROUP, name, { key: JOBS, id: ">" }, { COUNT: 1, BLOCK });
    return reply?.[0].messages[0];
  } catch (error) {
    if (!error.message.startsWith("NOGROUP")) throw new Unavailable(error);
    await needed(redis.xGroupCreate(JOBS, GROUP, "0", { MKSTREAM: true }));
    return undefined;
  }
}

// XPENDING and XCLAIM, since XAUTOCLAIM came with Redis 6.2 and Ubuntu 22.04 has 6.0.
async function takeOver() {
  for (const job of await redis.xPendingRange(JOBS, GROUP, "-", "+", 10)) {
    if (job.millisecondsSinceLastDelivery < ABANDONED) continue;
    if (job.deliveriesCounter >= TRIES) {
      log.error("given up", { job: job.id, tries: TRIES });
      await redis.xAck(JOBS, GROUP, job.id);
      continue;
    }
    const [claimed] = await redis.xClaim(JOBS, GROUP, name, ABANDONED, job.id);
    if (claimed) return claimed;
  }
  return undefined;
}

/** Does a job. One that fails stays pending, and is tried again later. */
async function attempt({ id, message: { upload } }) {
  const digest = createHash("sha256");
  try {
    await pipeline(createReadStream(join(settings.uploadsDir, upload)), digest);
  } catch (error) {
    log.error("failed", { upload, error: error.message });
    return;
  }
  await database.query("UPDATE uploads SET sha256 = $1 WHERE name = $2", [digest.digest("hex"), upload]);
  await needed(redis.xAck(JOBS, GROUP, id));
  await needed(redis.xDel(JOBS, id));
  log.info("done", { upload });
}

log.info("started", { name });
while (!stopping) {
  try {
    const job = await nextJob();
    if (job) await attempt(job);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    log.error("unavailable", { error: error.message });
    await sleep(1000);
  }
}
await database.end();
redis.destroy();
log.info("stopped");
