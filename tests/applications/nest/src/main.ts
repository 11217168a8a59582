import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { NestExpressApplication } from "@nestjs/platform-express";
import { WsAdapter } from "@nestjs/platform-ws";
import { Shop } from "./shop.module";

async function main() {
  const app = await NestFactory.create<NestExpressApplication>(Shop);
  app.set("trust proxy", true);
  app.useWebSocketAdapter(new WsAdapter(app));
  app.enableShutdownHooks();
  await app.listen(process.env.SOCKET!);
}

void main();
