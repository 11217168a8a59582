/** Accounts, and sessions in Redis. Nginx limits how often /login may be tried. */

import { randomBytes } from "node:crypto";
import express, { Router } from "express";
import { Refused, needed } from "./errors.js";
import { NOBODY, checkPassword, hashPassword, sign, verify } from "./sessions.js";

const COOKIE = "session";
const LIFETIME = 14 * 24 * 3600; // seconds
const UNIQUE_VIOLATION = "23505";

export function accounts({ settings, database, redis }) {
  const router = Router();
  const attributes = { httpOnly: true, sameSite: "lax", secure: !settings.development };

  router.post("/accounts", express.json(), async (request, response) => {
    const { email, password } = credentials(request.body);
    try {
      await database.query("INSERT INTO accounts (email, password_hash) VALUES ($1, $2)", [
        email,
        await hashPassword(password),
      ]);
    } catch (error) {
      throw error.code === UNIQUE_VIOLATION ? new Refused(409, "there is such an account") : error;
    }
    response.status(201).json({ email });
  });

  router.post("/login", express.json(), async (request, response) => {
    const { email, password } = credentials(request.body);
    const { rows } = await database.read("SELECT password_hash FROM accounts WHERE email = $1", [email]);
    if (!(await checkPassword(password, rows[0]?.password_hash ?? NOBODY))) {
      throw new Refused(401, "wrong email or password");
    }
    const id = randomBytes(32).toString("base64url");
    await needed(redis.set(`session:${id}`, email, { expiration: { type: "EX", value: LIFETIME } }));
    response
      .cookie(COOKIE, sign(id, settings.secretKey), { ...attributes, maxAge: LIFETIME * 1000 })
      .set("Cache-Control", "private, no-store")
      .json({ email });
  });

  router.get("/me", async (request, response) => {
    response.set("Cache-Control", "private, no-store");
    const id = currentSession(request, settings.secretKey);
    const email = id && (await needed(redis.get(`session:${id}`)));
    if (!email) throw new Refused(401, "log in first");
    response.json({ email });
  });

  router.post("/logout", async (request, response) => {
    const id = currentSession(request, settings.secretKey);
    if (id) await needed(redis.del(`session:${id}`));
    response.clearCookie(COOKIE, attributes).status(204).end();
  });

  return router;
}

/** Email and password in a request's body; throws Refused. */
export function credentials({ email, password } = {}) {
  if (typeof email !== "string" || email.length > 254 || !/^[^@\s]+@[^@\s]+$/.test(email)) {
    throw new Refused(422, "email: an address");
  }
  if (typeof password !== "string" || password.length < 12 || password.length > 128) {
    throw new Refused(422, "password: 12 to 128 characters");
  }
  return { email: email.toLowerCase(), password };
}

function currentSession(request, key) {
  const found = /(?:^|;\s*)session=([^;]*)/.exec(request.get("Cookie") ?? "");
  return found ? verify(found[1], key) : "";
}
