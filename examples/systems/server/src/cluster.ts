/** As many workers as WEB_CONCURRENCY says, each watched: what it holds is warned of in the log. */

import cluster from "node:cluster";
import { settings } from "./settings.js";

const EVERY = 10_000; // ms
const say = (level: string, words: object) => console.log(JSON.stringify({ level, ...words }));

if (cluster.isPrimary) {
  let stopping = false;
  for (let count = 0; count < settings.workers; count++) cluster.fork();
  cluster.on("message", (worker, { memoryMb }) => {
    if (memoryMb > settings.memoryWarningMb) say("warning", { worker: worker.process.pid, memoryMb });
  });
  cluster.on("exit", (worker, code, signal) => {
    if (stopping) return;
    say("error", { worker: worker.process.pid, ended: signal ?? code });
    cluster.fork();
  });
  process.once("SIGTERM", () => {
    stopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
  });
} else {
  const tell = () => process.send?.({ memoryMb: Math.round(process.memoryUsage.rss() / 2 ** 20) });
  setInterval(tell, EVERY).unref();
  await import("./server.js");
  tell();
}
