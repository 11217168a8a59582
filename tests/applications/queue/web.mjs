// Express, which gives jobs to the queue and sends people on to an address that it makes itself.
import { Queue } from "bullmq";
import express from "express";
import { connection } from "./redis.mjs";

const { PORT, SOCKET, TRUST } = process.env;
const app = express();
if (TRUST) app.set("trust proxy", /^\d+$/.test(TRUST) ? Number(TRUST) : TRUST);
const queue = new Queue("work", { connection: connection() });

app.get("/", (request, response) => response.send(`express ${request.protocol}`));
app.get("/here", (request, response) =>
  response.redirect(`${request.protocol}://${request.get("host")}/there`));
app.post("/jobs/:name", async (request, response) => {
  await queue.add(request.params.name, {});
  response.send("added");
});
app.get("/jobs", async (request, response) =>
  response.send(await queue.getJobCounts("completed", "failed")));
app.listen(SOCKET || PORT);
