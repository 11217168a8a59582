import { database } from "../lib/database.js";

export const dynamic = "force-dynamic";

export async function GET() {
  await database.$queryRaw`SELECT 1`;
  return Response.json({ status: "ok" });
}
