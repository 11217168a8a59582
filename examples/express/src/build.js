/**
 * Makes static/ of assets/: `npm run build`.
 *
 * Each file's name holds a hash of its content, so that browsers may keep it for as long as they like,
 * and a compressed copy lies beside it, so that Nginx (gzip_static) needn't compress it for each request.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { parse } from "node:path";
import { gzipSync } from "node:zlib";

rmSync("static", { recursive: true, force: true });
mkdirSync("static");

const manifest = {};
for (const file of readdirSync("assets")) {
  const content = readFileSync(`assets/${file}`);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const { name, ext } = parse(file);
  manifest[file] = `${name}.${hash}${ext}`;
  writeFileSync(`static/${manifest[file]}`, content);
  writeFileSync(`static/${manifest[file]}.gz`, gzipSync(content, { level: 9 }));
}
writeFileSync("static/manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
console.log(manifest);
