// Node.js' cluster mode: as many workers as WEB_CONCURRENCY says; one leaks when it is asked to.
import cluster from "node:cluster";
import { createServer } from "node:http";

if (cluster.isPrimary) {
  const workers = Number(process.env.WEB_CONCURRENCY);
  for (let each = 0; each < workers; each++) cluster.fork();
  cluster.on("exit", () => cluster.fork());
} else {
  const kept = [];
  const leak = () => setInterval(() => kept.push(Buffer.alloc(5_000_000, 1)), 20);
  createServer((request, response) => {
    if (request.url === "/leak") return leak();
    response.end("node");
  }).listen(process.env.SOCKET);
}
