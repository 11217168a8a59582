/**
 * A web process: `node src/server.js`.
 *
 * One process, one socket, no cluster module: Nginx balances over the sockets and systemd starts
 * a process again that dies, so nothing here has to do either.
 */

import { existsSync, unlinkSync } from "node:fs";
import { createServer } from "node:http";
import { reportToSentry } from "./errors.js";
import { createApp } from "./app.js";
import { acceptWebSockets } from "./live.js";
import { log } from "./logs.js";
import { openDatabase, openRedis } from "./resources.js";
import { load } from "./settings.js";

// Milliseconds that running requests get after SIGTERM; one second less than a host waits before it kills.
const GRACE = 4000;

const settings = load();
const sentry = await reportToSentry(settings);
const stopping = new AbortController();
// Starts without database and cache too: /health says so until they answer, and a process that
// dies instead would be restarted over and over.
const database = openDatabase(settings);
const redis = openRedis(settings);

const app = createApp({ settings, database, redis, sentry, stopping: stopping.signal });
const server = createServer(app);
const sockets = acceptWebSockets(server);

if (settings.socket) {
  if (existsSync(settings.socket)) unlinkSync(settings.socket); // left behind by a process that was killed
  // The file gets its mode from the umask that the service manager set.
  server.listen({ path: settings.socket, backlog: 2048 });
} else {
  server.listen({ host: "127.0.0.1", port: settings.port, backlog: 2048 });
}
server.on("listening", () => log.info("listening", { on: settings.socket || settings.port }));

async function stop(signal) {
  if (stopping.signal.aborted) return;
  log.info("stopping", { signal });
  stopping.abort(); // event streams never end by themselves; they watch this
  const closed = new Promise((resolve) => server.close(resolve));
  sockets.stop();
  // A connection that is kept alive becomes idle when its response is done, and would hold us up.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    log.error("requests cut off", { grace: GRACE });
    server.closeAllConnections();
  }, GRACE);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
  log.info("stopped");
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
