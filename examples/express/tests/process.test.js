/** A real web process on a Unix socket, with neither database nor cache in reach. */

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { get as httpGet } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

let folder, socketPath, running;

before(() => assert.equal(spawnSync("node", ["src/build.js"]).status, 0));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "express-"));
  socketPath = join(folder, "web-1.sock");
  running = [];
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

async function start(more = {}) {
  const env = {
    PATH: process.env.PATH,
    SOCKET: socketPath,
    UPLOADS_DIR: join(folder, "uploads"),
    DATABASE_URL: "postgresql://a:b@127.0.0.1:1/c",
    REDIS_URL: "redis://127.0.0.1:1/0",
    RELEASE: "v1",
    SECRET_KEY: "k".repeat(32),
    ENVIRONMENT: "staging",
    ...more,
  };
  // As the service manager does: the group, Nginx's, may write, others may nothing.
  const child = spawn("sh", ["-c", "umask 0007; exec node src/server.js"], { env, stdio: "ignore" });
  running.push(child);
  for (const deadline = Date.now() + 10_000; ; await sleep(50)) {
    try {
      await get("/version");
      return child;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

async function stop(child, within) {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const [code] = await Promise.race([ended, sleep(within, ["did not stop"], { ref: false })]);
  assert.equal(code, 0);
}

async function open(path) {
  const request = httpGet({ socketPath, path });
  const [response] = await once(request, "response");
  return response;
}

async function get(path) {
  const response = await open(path);
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body, headers: response.headers };
}

test("takes over a stale socket and leaves it to its group", async () => {
  const killed = await start();
  killed.kill("SIGKILL");
  await once(killed, "exit");
  assert.ok(statSync(socketPath).isSocket());
  await start();
  assert.equal(statSync(socketPath).mode & 0o777, 0o770);
  const { status, body, headers } = await get("/version");
  assert.deepEqual([status, JSON.parse(body).release, headers["x-release"]], [200, "v1", "v1"]);
});

test("health says no in time to servers that never answer", async (context) => {
  const silent = createServer().listen(0, "127.0.0.1");
  context.after(() => silent.close());
  await once(silent, "listening");
  const address = `127.0.0.1:${silent.address().port}`;
  await start({ DATABASE_URL: `postgresql://a:b@${address}/c`, REDIS_URL: `redis://${address}/0` });
  const started = Date.now();
  const { status, body } = await get("/health");
  assert.deepEqual([status, JSON.parse(body).status], [503, "unavailable"]);
  assert.ok(Date.now() - started < 4000);
});

test("running requests finish after SIGTERM", async () => {
  const child = await start();
  const answer = get("/slow?seconds=1.5");
  await sleep(500);
  await stop(child, 5000);
  assert.equal((await answer).status, 200);
  await assert.rejects(get("/version"));
});

test("an event stream does not hold up the stop", async () => {
  const child = await start();
  const stream = await open("/events");
  let events = "";
  stream.on("data", (chunk) => (events += chunk));
  const ended = once(stream, "end");
  await stop(child, 3000);
  await ended;
  assert.match(events, /^retry: 1000\n\nid: 1\n/);
});

test("docs are closed in production only", async () => {
  const child = await start({ ENVIRONMENT: "production" });
  for (const path of ["/docs", "/openapi.json"]) assert.equal((await get(path)).status, 404);
  await stop(child, 5000);
  await start();
  assert.equal((await get("/openapi.json")).status, 200);
});
