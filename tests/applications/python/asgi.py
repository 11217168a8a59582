"""What an ASGI server tells an application of a request: the scheme that the visitor used."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

# Redirects /folder by itself, to an address that it makes of what the server tells it.
framework = Starlette(routes=[Route("/folder/", lambda request: PlainTextResponse(""))])


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["path"] == "/folder":
        await framework(scope, receive, send)
        return
    body = f"asgi {scope['scheme']}".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
