export const dynamic = "force-dynamic";

export function GET(request) {
  const secure = request.headers.get("x-forwarded-proto") === "https";
  return Response.json({ release: process.env.RELEASE, secure });
}
