/** What the environment says. The only module that reads it. */

const env = process.env;

export const settings = {
  release: env.RELEASE ?? "development",
  development: !env.ENVIRONMENT || env.ENVIRONMENT === "development",
  secret: env.JWT_SECRET ?? env.SESSION_SECRET ?? "only-for-development",
  databaseUrl: env.DATABASE_URL ?? "",
  migrationDatabaseUrl: env.MIGRATION_DATABASE_URL ?? env.DATABASE_URL ?? "",
  poolSize: Number(env.DATABASE_POOL_SIZE ?? 5), // connections this process may hold
  poolLeast: Number(env.DATABASE_POOL_LEAST ?? 0), // and those that it keeps when idle
  mongoUrl: env.MONGODB_URI ?? "",
  mongoCaFile: env.DATABASE_CA_FILE,
  redisUrl: env.SESSIONS === "redis" ? (env.REDIS_URL ?? "redis://localhost:6379/0") : "",
  bucket: env.S3_BUCKET ?? "",
  bucketEndpoint: env.S3_ENDPOINT ?? "",
  bucketRegion: env.S3_REGION ?? "us-east-1",
  bucketKey: env.S3_KEY ?? "",
  bucketSecret: env.S3_SECRET ?? "",
  bucketPrefix: env.S3_PREFIX ?? "",
  uploads: env.UPLOADS_DIR ?? "uploads",
  listen: env.SOCKET ?? env.PORT ?? "8000",
  workers: Number(env.WEB_CONCURRENCY ?? 1),
  memoryWarningMb: Number(env.MEMORY_WARNING_MB ?? 512), // MiB of one worker
};
