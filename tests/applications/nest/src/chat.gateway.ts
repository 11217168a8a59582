import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from "@nestjs/websockets";
import { Server, WebSocket } from "ws";
import { Redis } from "./redis";

/** What one says reaches everybody, whichever process they are connected to: through Redis. */
@WebSocketGateway({ path: "/ws" })
export class ChatGateway {
  @WebSocketServer() server!: Server;

  constructor(private readonly redis: Redis) {
    const heard = redis.duplicate();
    void heard.subscribe("chat");
    heard.on("message", (_, text) => {
      for (const client of this.server.clients) {
        if (client.readyState === WebSocket.OPEN) client.send(text);
      }
    });
  }

  @SubscribeMessage("say")
  async say(@MessageBody() text: string) {
    await this.redis.publish("chat", JSON.stringify({ text, from: process.env.INSTANCE }));
  }
}
