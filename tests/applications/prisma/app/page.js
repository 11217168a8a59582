import { database } from "./lib/database.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  await database.visit.create({ data: {} });
  return <p>{`visits: ${await database.visit.count()}, api: ${process.env.NEXT_PUBLIC_API}`}</p>;
}
