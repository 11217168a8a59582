/** What stays open: a slow response, a WebSocket, server-sent events. */

import { setTimeout as sleep } from "node:timers/promises";
import { Router } from "express";
import { WebSocketServer } from "ws";
import { Refused } from "./errors.js";

export function live({ stopping }) {
  const router = Router();

  // Answers after `seconds`: to watch a graceful stop, or a timeout in front of it.
  router.get("/slow", async (request, response) => {
    const seconds = Number(request.query.seconds ?? 2);
    if (!(seconds >= 0 && seconds <= 120)) throw new Refused(422, "seconds: 0 to 120");
    await sleep(seconds * 1000);
    response.json({ seconds });
  });

  // One event a second, until the client leaves or the process stops.
  router.get("/events", async (request, response) => {
    // Nginx would otherwise collect events until its buffer is full.
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    // A browser connects again by itself, to the release that is then live.
    response.write("retry: 1000\n\n");
    for (let number = 1; !stopping.aborted && !response.closed; number += 1) {
      const data = JSON.stringify({ number, time: Date.now() / 1000 });
      response.write(`id: ${number}\nevent: tick\ndata: ${data}\n\n`);
      await sleep(1000);
    }
    response.end();
  });

  return router;
}

/** Echoes on /ws/echo. The result's stop() says goodbye to every client. */
export function acceptWebSockets(server) {
  const echo = new WebSocketServer({ server, path: "/ws/echo", maxPayload: 1024 * 1024 });
  echo.on("connection", (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
    socket.on("error", () => socket.terminate());
  });
  return {
    stop() {
      for (const socket of echo.clients) socket.close(1012, "service restart");
    },
  };
}
