"""What a WSGI server tells an application of a request: the scheme that the visitor used."""


def app(environ, start_response):
    body = f"wsgi {environ['wsgi.url_scheme']}".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]
