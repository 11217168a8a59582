import { createServer } from "node:http";

createServer((request, response) => {
  response.end(`http ${request.headers["x-forwarded-proto"]}`);
}).listen(process.env.PORT);
