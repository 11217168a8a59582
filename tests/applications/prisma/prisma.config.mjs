import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

// PostgreSQL's catalogue has types that the adapter does not know: `name` and an array of it.
const TEXT = 25;
const ARRAY_OF_TEXT = 1009;
const KNOWN = { 19: TEXT, 1003: ARRAY_OF_TEXT };

class Client extends pg.Client {
  constructor(config) {
    super(config);
    this.connection.on("rowDescription", ({ fields }) => {
      for (const field of fields) field.dataTypeID = KNOWN[field.dataTypeID] ?? field.dataTypeID;
    });
  }
}

// Migrations by the engine that is in the package `prisma`, past the pool: no other is fetched.
const connectionString = process.env.DIRECT_URL;

export default {
  engine: "js",
  experimental: { adapter: true },
  adapter: async () => new PrismaPg(new pg.Pool({ connectionString, Client })),
};
