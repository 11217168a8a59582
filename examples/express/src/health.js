/** Is this process able to serve, and which one is it? */

import { Router } from "express";

// Milliseconds until a silent database or cache counts as unreachable.
const TIMEOUT = 3000;

export function health({ settings, database, redis }) {
  const router = Router();

  // 200 if database and cache answer, 503 if one does not.
  router.get("/health", async (request, response) => {
    const [base, cache] = await Promise.all([verdict(database.read("SELECT 1")), verdict(redis.ping())]);
    const healthy = base === "ok" && cache === "ok";
    response
      .status(healthy ? 200 : 503)
      .set("Cache-Control", "no-store")
      .json({ status: healthy ? "ok" : "unavailable", database: base, cache });
  });

  // The release, and the process that answered.
  router.get("/version", (request, response) => {
    response
      .set("Cache-Control", "no-store")
      .json({ release: settings.release, instance: settings.instance, pid: process.pid });
  });

  return router;
}

/** No more than one word: what is wrong in detail is the log's to say, not a stranger's to read. */
async function verdict(question) {
  let timer;
  const silence = new Promise((resolve) => {
    timer = setTimeout(resolve, TIMEOUT, "silent");
  });
  const answer = question.then(
    () => "ok",
    () => "unreachable",
  );
  const first = await Promise.race([answer, silence]);
  clearTimeout(timer);
  return first;
}
