/** The API's description, for developers: closed in production. */

import { readFileSync } from "node:fs";
import { Router } from "express";

export function docs() {
  const openapi = JSON.parse(readFileSync("openapi.json", "utf8"));
  const rows = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) => `<dt>${method.toUpperCase()} ${path}</dt><dd>${summary}</dd>`),
  );
  const html = `<!doctype html><html lang="en"><title>${openapi.info.title}</title><dl>${rows.join("")}</dl></html>`;
  return Router()
    .get("/openapi.json", (request, response) => response.json(openapi))
    .get("/docs", (request, response) => response.type("html").send(html));
}
