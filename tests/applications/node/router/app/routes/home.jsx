export const loader = ({ request }) => `router ${request.headers.get("x-forwarded-proto")}`;

export default function Home({ loaderData }) {
  return <p>{loaderData}</p>;
}
