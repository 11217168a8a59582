// BullMQ's sandboxed processors: a process of its own for each job that runs, kept for the next.
import { Worker } from "bullmq";
import { connection } from "./redis.mjs";

const processor = new URL("./processor.mjs", import.meta.url);
const concurrency = Number(process.env.WEB_CONCURRENCY);
const worker = new Worker("work", processor, { connection: connection(), concurrency });
worker.on("failed", (job, error) => console.log(`${job?.name} failed: ${error.message}`));
process.on("SIGTERM", () => worker.close().then(() => process.exit()));
