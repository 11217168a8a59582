const http = require("node:http");
const ms = require("ms/package.json").version;
const built = require("./built.json");

function development() {
  try {
    return require("is-number/package.json").version;
  } catch {
    return "";
  }
}

const about = { ms, development: development(), ...built };
http
  .createServer((request, answer) => {
    answer.setHeader("Content-Type", "application/json");
    answer.end(JSON.stringify({ release: process.env.RELEASE, ...about }));
  })
  .listen({ path: process.env.SOCKET, backlog: 2048 });
