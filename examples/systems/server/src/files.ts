/** Uploads: in a bucket if there is one, else in the folder that Nginx serves. */

import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { AwsClient } from "aws4fetch";
import { settings } from "./settings.js";

// What a browser may show from this site's own address; all else is a download.
const SHOWN = new Set([".gif", ".jpg", ".pdf", ".png", ".txt", ".webp"]);

/** Keeps `body`; the path at which it is read. */
export async function keep(original: string, type: string, body: Readable): Promise<string> {
  const ending = extname(original).toLowerCase();
  const name = randomBytes(16).toString("hex") + (SHOWN.has(ending) ? ending : ".bin");
  const signature = settings.bucket ? await toBucket(name, type, body) : await toFolder(name, body);
  return `/uploads/${name}${signature}`;
}

/** The query with which it may be read for an hour. */
async function toBucket(name: string, type: string, body: Readable) {
  const { bucketKey, bucketSecret, bucketRegion, bucketEndpoint, bucket, bucketPrefix } = settings;
  const client = new AwsClient({
    accessKeyId: bucketKey,
    secretAccessKey: bucketSecret,
    region: bucketRegion,
    service: "s3",
  });
  const address = `${bucketEndpoint}/${bucket}/${bucketPrefix}${name}`;
  const answer = await client.fetch(address, {
    method: "PUT",
    body: new Uint8Array(await buffer(body)), // Nginx lets 50 MB through
    headers: { "Content-Type": type },
  });
  if (!answer.ok) throw new Error(`the bucket answers ${answer.status}`);
  const signed = await client.sign(`${address}?X-Amz-Expires=3600`, { aws: { signQuery: true } });
  return new URL(signed.url).search;
}

async function toFolder(name: string, body: Readable) {
  await mkdir(settings.uploads, { recursive: true });
  const partial = join(settings.uploads, `.${name}.part`);
  try {
    await pipeline(body, createWriteStream(partial, { flags: "wx" }));
    await rename(partial, join(settings.uploads, name)); // Nginx never sees half a file
    return "";
  } finally {
    await rm(partial, { force: true });
  }
}
