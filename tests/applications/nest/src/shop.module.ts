import { Module } from "@nestjs/common";
import { ChatGateway } from "./chat.gateway";
import { Redis, redis } from "./redis";
import { ShopController } from "./shop.controller";

@Module({
  controllers: [ShopController],
  providers: [ChatGateway, { provide: Redis, useFactory: redis }],
})
export class Shop {}
