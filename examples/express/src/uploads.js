/** Uploads: the request stores the file, a worker does what may take longer, Nginx serves it. */

import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import { Router } from "express";
import { Refused, needed } from "./errors.js";

export const JOBS = "jobs"; // the Redis stream that worker.js reads

const LIMIT = 50 * 1024 * 1024; // bytes; Nginx refuses larger bodies before they get here
// What a browser may show from this site's own address. Anything else, HTML above all, could run
// script in our visitors' sessions, so it is stored as a download.
const SHOWN = new Set([".csv", ".gif", ".jpeg", ".jpg", ".pdf", ".png", ".txt", ".webp"]);

export function uploads({ settings, database, redis }) {
  const router = Router();
  mkdirSync(settings.uploadsDir, { recursive: true });

  router.post("/uploads", async (request, response) => {
    const { name, original, size } = await receive(request, settings.uploadsDir);
    await database.query("INSERT INTO uploads (name, original_name, size) VALUES ($1, $2, $3)", [name, original, size]);
    // A limit, so that jobs can't fill the memory while no worker runs.
    const TRIM = { strategy: "MAXLEN", strategyModifier: "~", threshold: 10_000 };
    await needed(redis.xAdd(JOBS, "*", { upload: name }, { TRIM }));
    const url = `/uploads/${name}`;
    response.status(201).location(url).json({ name, url, size });
  });

  // The 30 latest; `sha256` is null until the worker has seen the file.
  router.get("/uploads", async (request, response) => {
    const { rows } = await database.read(
      "SELECT name, original_name, size, sha256 FROM uploads ORDER BY created_at DESC LIMIT 30",
    );
    response.set("Cache-Control", "no-store").json(rows);
  });

  return router;
}

/** A name nobody can guess or choose; only a harmless suffix survives of the client's. */
export function storedName(original) {
  const suffix = extname(original).toLowerCase();
  return randomBytes(16).toString("hex") + (SHOWN.has(suffix) ? suffix : ".bin");
}

/** Streams the form's first file to `folder`; resolves to its name, original name and size in bytes. */
async function receive(request, folder) {
  let form;
  try {
    form = busboy({ headers: request.headers, limits: { files: 1, fileSize: LIMIT } });
  } catch (error) {
    throw new Refused(415, error.message);
  }
  let stored;
  form.on("file", (field, stream, { filename }) => {
    stored = store(stream, folder, filename ?? "");
    stored.catch(() => stream.resume()); // awaited below; the rest of the form must still flow
  });
  await pipeline(request, form).catch((error) => {
    throw new Refused(400, error.message);
  });
  if (!stored) throw new Refused(422, "the form has no file");
  return stored;
}

async function store(stream, folder, original) {
  const name = storedName(original);
  const partial = join(folder, `.${name}.part`);
  const sink = createWriteStream(partial, { flags: "wx", flush: true });
  try {
    await pipeline(stream, sink);
    if (stream.truncated) throw new Refused(413, `larger than ${LIMIT} bytes`);
    await rename(partial, join(folder, name)); // Nginx never sees half a file
    return { name, original, size: sink.bytesWritten };
  } finally {
    await rm(partial, { force: true });
  }
}
