import { useLoaderData } from "@remix-run/react";

export const loader = ({ request }) => `remix ${request.headers.get("x-forwarded-proto")}`;

export default function Home() {
  return <p>{useLoaderData()}</p>;
}
