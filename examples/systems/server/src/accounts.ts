/** Who somebody is: by a signed token, or by a session in Redis. */

import { randomBytes, scrypt as scryptCallback, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { createClient } from "@redis/client";
import { RedisStore } from "connect-redis";
import express, { type RequestHandler, type Response, Router } from "express";
import session from "express-session";
import jwt from "jsonwebtoken";
import { settings } from "./settings.js";
import type { Store } from "./store.js";

declare module "express-session" {
  interface SessionData {
    email: string;
  }
}

const scrypt = promisify(scryptCallback) as (text: string, salt: string, size: number) => Promise<Buffer>;
const WEEK = 7 * 24 * 3600; // seconds
// A page elsewhere below the same domain sends it too; other sites' pages do not.
const COOKIE = { httpOnly: true, sameSite: "lax", secure: !settings.development } as const;

async function hashed(password: string, salt = randomBytes(16).toString("hex")) {
  return `${salt}:${(await scrypt(password, salt, 64)).toString("hex")}`;
}

async function fits(password: string, hash: string) {
  return timingSafeEqual(Buffer.from(await hashed(password, hash.split(":")[0])), Buffer.from(hash));
}

/** Sessions in Redis: what a server needs that starts anew, or has several processes. */
export async function sessions(): Promise<{ handler: RequestHandler; ping: () => Promise<unknown> }> {
  if (!settings.redisUrl) return { handler: (request, response, next) => next(), ping: async () => "none" };
  const client = createClient({ url: settings.redisUrl, RESP: 2, disableOfflineQueue: true });
  client.on("error", (error) => console.error(JSON.stringify({ level: "error", redis: error.message })));
  await client.connect();
  const handler = session({
    store: new RedisStore({ client: client as never, ttl: WEEK }),
    secret: settings.secret,
    cookie: { ...COOKIE, maxAge: WEEK * 1000 },
    proxy: true,
    resave: false,
    saveUninitialized: false,
  });
  return { handler, ping: () => client.ping() };
}

/** The email of who asks, or nothing. */
export function who(request: express.Request): string | undefined {
  if (settings.redisUrl) return request.session.email;
  const token = /(?:^|;\s*)token=([^;]*)/.exec(request.get("Cookie") ?? "")?.[1];
  try {
    return token && String((jwt.verify(token, settings.secret) as jwt.JwtPayload).sub);
  } catch {
    return undefined;
  }
}

export function accounts(store: Store) {
  const router = Router().use(express.json());

  function welcome(request: express.Request, response: Response, email: string) {
    if (settings.redisUrl) request.session.email = email;
    else {
      const token = jwt.sign({}, settings.secret, { subject: email, expiresIn: WEEK });
      response.cookie("token", token, { ...COOKIE, maxAge: WEEK * 1000 });
    }
    response.json({ email });
  }

  router.post("/accounts", async (request, response) => {
    const { email, password } = request.body;
    if (!/^[^@\s]+@[^@\s]+$/.test(email) || String(password).length < 12) {
      response.status(422).json({ detail: "an address, and a password of 12 characters" });
    } else if (!(await store.addAccount(email, await hashed(password)))) {
      response.status(409).json({ detail: "there is such an account" });
    } else welcome(request, response, email);
  });

  router.post("/login", async (request, response) => {
    const { email, password } = request.body;
    const hash = (await store.hashOf(String(email))) ?? (await hashed("nobody has this password"));
    if (await fits(String(password), hash)) welcome(request, response, email);
    else response.status(401).json({ detail: "wrong address or password" });
  });

  router.get("/me", (request, response) => {
    const email = who(request);
    response.status(email ? 200 : 401).json(email ? { email } : { detail: "sign in first" });
  });
  return router;
}
