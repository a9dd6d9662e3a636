"""A door beside the gateway's for the tools of others, so that a recorder hears their calls too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

OF_ONE_HOP = {"host", "connection", "content-length", "transfer-encoding", "content-encoding"}


@contextmanager
def relay(onward: httpx.Client) -> Iterator[str]:
    """The address of a door on this machine that leads to where `onward` leads."""

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name is the library's
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            told = {k: v for k, v in self.headers.items() if k.lower() not in OF_ONE_HOP}
            answer = onward.request(self.command, self.path, headers=told, content=content)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in OF_ONE_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

        def log_message(self, *_: object) -> None:
            """The suite's own log tells it already."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
