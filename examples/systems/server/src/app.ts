/** The paths of the API. */

import express, { type ErrorRequestHandler } from "express";
import { accounts, sessions, who } from "./accounts.js";
import { keep } from "./files.js";
import { settings } from "./settings.js";
import type { Store } from "./store.js";

export async function app(store: Store) {
  const app = express().disable("x-powered-by").set("trust proxy", true);
  const { handler, ping } = await sessions();
  app.get("/health", async (request, response) => {
    try {
      await Promise.all([store.ping(), ping()]);
      response.json({ status: "ok" });
    } catch {
      response.status(503).json({ status: "unavailable" });
    }
  });
  const api = express.Router();
  api.use((request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  });
  api.get("/version", (request, response) => {
    response.json({ release: settings.release, process: process.pid });
  });
  api.use(handler, accounts(store));
  api.use((request, response, next) => {
    if (who(request)) next();
    else response.status(401).json({ detail: "sign in first" });
  });
  api.get("/notes", async (request, response) => {
    response.json(await store.latest());
  });
  api.get("/notes/:id", async (request, response) => {
    const note = await store.one(request.params.id);
    response.status(note ? 200 : 404).json(note ?? { detail: "no such note" });
  });
  api.post("/notes", async (request, response) => {
    const { text } = request.body;
    if (typeof text !== "string" || !text) response.status(422).json({ detail: "a text" });
    else response.status(201).json(await store.add({ text, by: who(request)! }));
  });
  api.post("/uploads", async (request, response) => {
    const type = request.get("Content-Type") ?? "application/octet-stream";
    response.status(201).json({ url: await keep(String(request.query.name), type, request) });
  });
  app.use("/api", api);
  const failed: ErrorRequestHandler = (error, request, response, next) => {
    console.error(JSON.stringify({ level: "error", path: request.path, error: String(error) }));
    if (response.headersSent) next(error);
    else response.status(error.status ?? 500).json({ detail: "it went wrong" });
  };
  return app.use(failed);
}
