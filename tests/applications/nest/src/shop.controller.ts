import { Controller, Get, Post, Req } from "@nestjs/common";
import type { Request } from "express";
import { Redis } from "./redis";

@Controller()
export class ShopController {
  constructor(private readonly redis: Redis) {}

  @Get("health")
  async health() {
    await this.redis.ping();
    return { status: "ok", release: process.env.RELEASE };
  }

  @Get("version")
  version(@Req() request: Request) {
    return { release: process.env.RELEASE, secure: request.secure };
  }

  @Post("visits")
  async visits() {
    return { visits: await this.redis.incr("visits") };
  }
}
