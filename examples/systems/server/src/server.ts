/** One process that answers. On SIGTERM it finishes what runs, and ends. */

import { createServer } from "node:http";
import { app } from "./app.js";
import { settings } from "./settings.js";
import { open } from "./store.js";

const store = await open();
const server = createServer(await app(store)).listen({
  ...(/^\d+$/.test(settings.listen) ? { host: "127.0.0.1", port: Number(settings.listen) } : { path: settings.listen }),
  backlog: 2048,
});

process.once("SIGTERM", () => {
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  server.close(async () => {
    clearInterval(idle);
    await store.close();
    process.exit(0);
  });
});
