import { headers } from "next/headers";

export default async function Page() {
  return <p>{`${process.env.SERVER ?? "next"} ${(await headers()).get("x-forwarded-proto")}`}</p>;
}
