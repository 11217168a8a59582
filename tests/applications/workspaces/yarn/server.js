// Answers what the package of a package beside it was built from.
const http = require("node:http");
const own = require("own");

http
  .createServer((request, answer) => {
    answer.setHeader("Content-Type", "application/json");
    const node = process.versions.node;
    answer.end(JSON.stringify({ release: process.env.RELEASE, node, ...own }));
  })
  .listen({ path: process.env.SOCKET, backlog: 2048 });
