/** Structured logs on standard output: one JSON object a line, access log and errors alike. */

const LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"];
// Read here, not in settings.js: logging must work before anything else does.
const threshold = LEVELS.indexOf((process.env.LOG_LEVEL || "INFO").toUpperCase());

function write(level, message, fields) {
  if (LEVELS.indexOf(level) < threshold) return;
  const line = { time: new Date().toISOString(), level: level.toLowerCase(), message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const log = {
  info: (message, fields) => write("INFO", message, fields),
  warning: (message, fields) => write("WARNING", message, fields),
  error: (message, fields) => write("ERROR", message, fields),
};

/** Middleware: names the release in each response, and logs it once it is sent. */
export function accessLog(release) {
  return (request, response, next) => {
    const started = performance.now();
    response.setHeader("X-Release", release);
    response.on("close", () =>
      log.info("request", {
        method: request.method,
        // No query string: it may hold what a log must not.
        path: request.originalUrl.split("?", 1)[0],
        status: response.statusCode,
        complete: response.writableFinished, // false: the client left before the end
        seconds: Math.round(performance.now() - started) / 1000,
        client: request.ip ?? "",
        request_id: request.get("X-Request-ID") ?? "", // Nginx's, to find the request in both logs
      }),
    );
    next();
  };
}
