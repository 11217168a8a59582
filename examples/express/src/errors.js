/** What goes wrong: how it is answered, logged, and sent to Sentry. */

import { log } from "./logs.js";

/** A request we refuse: answered with `status` and the message. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Database or cache did not answer: worth trying again. */
export class Unavailable extends Error {
  constructor(cause) {
    super(cause.message || cause.code, { cause });
    this.status = 503;
  }
}

/** Runs a Redis command; throws Unavailable if Redis doesn't answer. */
export async function needed(command) {
  try {
    return await command;
  } catch (error) {
    throw new Unavailable(error);
  }
}

/** Express's error handler; it is known by its four parameters. */
export function answerErrors(error, request, response, next) {
  const status = error.status ?? 500;
  if (status >= 500) log.error(error.message, { path: request.path, exception: error.stack });
  if (response.headersSent) return next(error); // too late for an answer: Express cuts the connection
  if (status === 503) response.set("Retry-After", "5");
  // A 500's message is ours to read, not a stranger's.
  const detail = status < 500 ? error.message : status === 503 ? "try again later" : "internal error";
  response.status(status).json({ detail });
}

/** Sentry, started, if SENTRY_DSN is set; else undefined, and the package isn't even loaded. */
export async function reportToSentry(settings) {
  if (!settings.sentryDsn) return undefined;
  const sentry = await import("@sentry/node");
  // It reads SENTRY_ENVIRONMENT and SENTRY_RELEASE by itself.
  sentry.init({ dsn: settings.sentryDsn, sendDefaultPii: false });
  return sentry;
}
