/** The page at /. */

import { existsSync, readFileSync } from "node:fs";
import { Router } from "express";

export function page({ settings }) {
  if (!existsSync("static/manifest.json")) throw new Error("no static files: `npm run build` first");
  const manifest = JSON.parse(readFileSync("static/manifest.json", "utf8"));
  const values = { release: settings.release, environment: settings.environment, style: manifest["style.css"] };
  const html = readFileSync("src/index.html", "utf8").replace(/\{(\w+)\}/g, (_, name) => escape(values[name]));
  return Router().get("/", (request, response) => response.type("html").send(html));
}

const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
