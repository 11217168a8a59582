import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema.prisma",
  experimental: { adapter: true },
  engine: "js",
  // One connection for all of a migration, past the pool.
  adapter: async () => new PrismaPg({ connectionString: process.env.DIRECT_URL }),
});
