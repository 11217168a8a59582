/** The web application: its parts, put together. */

import express from "express";
import { accounts } from "./accounts.js";
import { docs } from "./docs.js";
import { answerErrors } from "./errors.js";
import { health } from "./health.js";
import { items } from "./items.js";
import { live } from "./live.js";
import { accessLog } from "./logs.js";
import { page } from "./page.js";
import { uploads } from "./uploads.js";

/** The application of one process, on what `context` holds: settings, database, redis, sentry, stopping. */
export function createApp(context) {
  const { settings, sentry } = context;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag"); // a hash of every response, for lists that change anyway
  app.set("trust proxy", 1); // Nginx: the last address in X-Forwarded-For is the one it saw
  app.use(accessLog(settings.release));
  for (const part of [health, items, uploads, accounts, live, page]) app.use(part(context));
  if (!settings.production) app.use(docs());
  // Nginx answers these itself on a host; here they serve a developer's browser.
  app.use("/static", express.static("static"));
  app.use("/uploads", express.static(settings.uploadsDir));
  app.use((request, response) => response.status(404).json({ detail: "not found" }));
  sentry?.setupExpressErrorHandler(app);
  app.use(answerErrors);
  return app;
}
