"""Single requests, with the times that parts of them take."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from dataclasses import dataclass

CUSTOMER = b'{"age": 25, "annual_income": 50, "spending_score": 50}'
HEAD = b"POST %s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n"
PIECE = 1 << 20


@dataclass
class Answer:
    status: int
    # From the first byte that was sent to the first that came back, and to the last.
    first: float
    seconds: float
    length: int
    lines: int


def answers(port: int) -> bool:
    """Whether a server predicts already."""
    try:
        return post(port, "/predict", CUSTOMER).status == 200
    except OSError:
        return False


def post(port: int, path: str, body: bytes, kind: str = "application/json") -> Answer:
    """Sends a body while the answer is read: either may come before the other has ended."""
    with socket.create_connection(("127.0.0.1", port), timeout=600) as stream:
        start = time.perf_counter()
        stream.sendall(HEAD % (path.encode(), kind.encode(), len(body)))
        sender = None
        if len(body) < PIECE:
            stream.sendall(body)
        else:
            sender = threading.Thread(target=send, args=(stream, body))
            sender.start()
        answer = http.client.HTTPResponse(stream, method="POST")
        try:
            answer.begin()
            first = time.perf_counter() - start
            length = lines = 0
            while piece := answer.read(PIECE):
                length += len(piece)
                lines += piece.count(b"\n")
            seconds = time.perf_counter() - start
        finally:
            if sender:
                hang_up(stream)
                sender.join()
        return Answer(answer.status, first, seconds, length, lines)


def send(stream: socket.socket, body: bytes) -> None:
    try:
        stream.sendall(body)
    except OSError:
        pass  # The server has answered, and wants no more.


def hang_up(stream: socket.socket) -> None:
    try:
        stream.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # The server did.


class Bystander:
    """Somebody who asks for one prediction after another meanwhile; `longest` is what one of them took."""

    def __init__(self, port: int):
        self.port, self.longest, self.is_over = port, 0.0, threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def ask(self) -> None:
        while not self.is_over.is_set():
            answer = post(self.port, "/predict", CUSTOMER)
            self.longest = max(self.longest, answer.seconds)

    def __enter__(self) -> Bystander:
        self.thread.start()
        time.sleep(0.2)
        return self

    def __exit__(self, *_) -> None:
        self.is_over.set()
        self.thread.join()
