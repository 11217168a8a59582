// Takes two seconds, so that as many run at once as may; or leaks until it is killed.
import { setTimeout as wait } from "node:timers/promises";

export default async function (job) {
  const kept = [];
  if (job.name !== "leak") await wait(2000);
  else for (;;) {
    kept.push(Buffer.alloc(5_000_000, 1));
    await wait(20);
  }
}
