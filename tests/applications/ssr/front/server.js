// A front end that is rendered on the server, as Next.js' standalone one is: it reads PORT alone.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { PORT, INSTANCE, RELEASE } = process.env;
const page = readFileSync("page.html", "utf8").replace("RELEASE", RELEASE);
const state = { health: 200 };

createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  if (path === "/health") {
    response.writeHead(state.health).end("front");
    return;
  }
  const wait = path === "/slow" ? 4000 : 0;
  setTimeout(() => {
    response.writeHead(200, { "content-type": "text/html", "x-instance": INSTANCE });
    response.end(page.replace("KIND", `front ${path}`));
  }, wait);
}).listen(PORT, "127.0.0.1");
