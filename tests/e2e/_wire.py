"""Servers of the tests' own: a wire that is listened to, and another site."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wire:
    """Stands between browser and app, and keeps all that goes through."""

    def __init__(self, listener: socket.socket, port: int) -> None:
        """Take connections in a thread of its own."""
        self.port = int(listener.getsockname()[1])
        self.asked = bytearray()
        self.said = bytearray()
        self._listener = listener
        self._to = port
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                browser, _ = self._listener.accept()
            except OSError:
                return
            app = socket.create_connection(("127.0.0.1", self._to))
            for ends in ((browser, app, self.asked), (app, browser, self.said)):
                threading.Thread(target=self._pass, args=ends, daemon=True).start()

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
        try:
            while chunk := source.recv(65536):
                kept += chunk
                sink.sendall(chunk)
        except OSError:
            pass
        finally:
            # Whoever still reads at the other end sees that it is over.
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    end.close()


@contextmanager
def listening(port: int) -> Iterator[Wire]:
    """Listen to all that is said to an app through another port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Wire(listener, port)


class Elsewhere:
    """Another site: one page, which a test writes."""

    def __init__(self, port: int) -> None:
        """Begin with nothing on it."""
        self.port = port
        self.html = ""

    def at(self, host: str) -> str:
        """Give the page's address under a name of this machine."""
        return f"http://{host}:{self.port}/"


@contextmanager
def another_site() -> Iterator[Elsewhere]:
    """Serve a page from another origin."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            # What a page of ours asks for here is nothing, and asked for once.
            body = site.html.encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8" if body else "text/css")
            self.send_header("content-length", str(len(body)))
            self.send_header("cache-control", "no-store" if body else "max-age=600")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Elsewhere(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
