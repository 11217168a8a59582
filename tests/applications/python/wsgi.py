"""What a WSGI server tells an application of a request: the scheme that the visitor used."""

import time

from flask import Flask

# Redirects /folder by itself, to an address that it makes of what the server tells it.
framework = Flask(__name__)
framework.add_url_rule("/folder/", view_func=str)


def app(environ, start_response):
    if environ["PATH_INFO"] == "/folder":
        return framework(environ, start_response)
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1)
    body = f"wsgi {environ['wsgi.url_scheme']}".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]
