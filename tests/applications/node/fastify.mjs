import Fastify from "fastify";

const { PORT, SOCKET } = process.env;
const app = Fastify({ trustProxy: true });
app.get("/", (request) => `fastify ${request.protocol}`);
await app.listen(SOCKET ? { path: SOCKET } : { port: Number(PORT) });
