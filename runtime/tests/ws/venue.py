"""A venue on a WebSocket, with the standard library only.

It is a second implementation of the server, independent of the library that the client uses: its
handshake and its frames are written from RFC 6455, and its behaviour from the description of the
open source core. It prints its port, and ends when its input is closed.

- A server sends single, unmasked text frames. Fragments of the client are joined.
- A ping gets a pong with an empty payload. A close frame is answered by closing.
- An unknown method gets no response. A wrong envelope closes the connection.
- A call that subscribes replaces all subscriptions of its family.
- `cut` closes the connection without a close frame; `burst` sends notifications as fast as it can.
"""

import base64
import hashlib
import hmac
import json
import socket
import struct
import sys
import threading
import time

KEY, SECRET = "AK-77-key-of-the-test", b"very-secret-secret"
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PUBLIC = {"server.ping", "server.time", "read", "burst", "cut"}


class Closed(Exception):
    pass


class Connection:
    def __init__(self, stream):
        self.stream, self.buffer = stream, b""
        self.lock = threading.Lock()
        self.user = None
        self.families = {}

    def exactly(self, count):
        while len(self.buffer) < count:
            data = self.stream.recv(65536)
            if not data:
                raise Closed
            self.buffer += data
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def handshake(self):
        while b"\r\n\r\n" not in self.buffer:
            data = self.stream.recv(4096)
            if not data:
                raise Closed
            self.buffer += data
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("ascii").split("\r\n")
        method, _, version = lines[0].split(" ")
        headers = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        wanted = [
            method == "GET",
            version == "HTTP/1.1",
            "host" in headers,
            headers.get("upgrade", "").lower() == "websocket",
            "upgrade" in headers.get("connection", "").lower(),
            headers.get("sec-websocket-version") == "13",
            len(base64.b64decode(headers.get("sec-websocket-key", ""))) == 16,
            # A subprotocol that is offered has to be the configured one.
            headers.get("sec-websocket-protocol", "chat") == "chat",
        ]
        if not all(wanted):
            raise Closed
        digest = hashlib.sha1(headers["sec-websocket-key"].encode("ascii") + MAGIC).digest()
        self.stream.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
        )

    def frame(self, code, payload):
        head = bytes([0x80 | code])
        if len(payload) < 126:
            head += bytes([len(payload)])
        elif len(payload) < 65536:
            head += b"\x7e" + struct.pack(">H", len(payload))
        else:
            head += b"\x7f" + struct.pack(">Q", len(payload))
        with self.lock:
            self.stream.sendall(head + payload)

    def message(self):
        whole = b""
        while True:
            first, second = self.exactly(2)
            code, is_last, length = first & 0x0F, first & 0x80, second & 0x7F
            if not second & 0x80:
                raise Closed
            if length == 126:
                (length,) = struct.unpack(">H", self.exactly(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self.exactly(8))
            mask = self.exactly(4)
            data = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.exactly(length)))
            if code == 8:
                raise Closed
            if code == 9:
                self.frame(10, b"")
            elif code in (0, 1, 2):
                whole += data
                if is_last:
                    return whole.decode("utf-8")

    def send(self, value, indent=None):
        separators = None if indent else (",", ":")
        self.frame(1, json.dumps(value, indent=indent, separators=separators).encode("utf-8"))

    def notify(self, method, params):
        self.send({"method": method, "params": params, "id": None})

    def respond(self, number, result, indent=None):
        self.send({"error": None, "result": result, "id": number}, indent)

    def refuse(self, number, code, message):
        self.send({"error": {"code": code, "message": message}, "result": None, "id": number})

    def serve(self):
        while True:
            try:
                call = json.loads(self.message())
            except ValueError:
                raise Closed
            is_call = isinstance(call, dict) and type(call.get("id")) is int
            if not is_call or not isinstance(call.get("params"), list) or "jsonrpc" in call:
                raise Closed
            self.call(call["id"], call.get("method"), call["params"])

    def call(self, number, method, params):
        if method == "server.ping":
            return self.respond(number, "pong")
        if method == "server.time":
            return self.respond(number, int(time.time()))
        if method == "server.sign":
            return self.sign(number, params)
        if method == "read":
            # The reply of a backend is indented. Another thread sends it, so the order is any.
            reply = threading.Timer(0.001 * (params[0] % 7), self.respond, [number, params, 4])
            return reply.start()
        if method == "cut":
            raise Closed
        if method == "burst":
            for count in range(params[0]):
                self.notify("deals.update", ["A", [{"id": count + 1, "price": "1.2e-7"}]])
            return self.respond(number, params[0])
        family, _, verb = (method or "").partition(".")
        if family in ("order", "asset") and self.user is None and verb:
            return self.refuse(number, 6, "require authentication")
        if verb == "subscribe":
            self.families[family] = params
            self.respond(number, {"status": "success"})
            if family == "depth":
                self.notify("depth.update", [False, {"asks": [["9", "9"]]}, params[0]])
                book = {"asks": [["82.05", "3.2"]], "bids": [["82", "1.5"], ["81.97", "7"]]}
                self.notify("depth.update", [True, book, params[0]])
                self.notify("depth.update", [False, {"bids": [["82.0", "0e-8"]]}, params[0]])
            elif family == "deals":
                for market in params:
                    trades = [{"id": 2, "price": "8.2e1"}, {"id": 1, "price": "81"}]
                    self.notify("deals.update", [market, trades])
            return None
        if verb == "unsubscribe":
            self.families.pop(family, None)
            return self.respond(number, {"status": "success"})
        if method == "deals.query":
            return self.respond(number, [{"id": 3, "price": "83"}, {"id": 2, "price": "82"}])
        if method == "order.query":
            return self.respond(number, {"limit": 2, "offset": 0, "total": 0, "records": []}, 2)
        return None

    def sign(self, number, params):
        is_login = len(params) == 3 and type(params[2]) is int and params[2] != 0
        if not is_login:
            return self.refuse(number, 1, "invalid argument")
        expected = hmac.new(SECRET, str(params[2]).encode("ascii"), hashlib.sha512).hexdigest()
        if params[0] != KEY or not hmac.compare_digest(params[1], expected):
            return self.refuse(number, 11, "bad signature of " + params[0])
        self.user = params[0]
        return self.respond(number, {"status": "success"})


def serve(stream):
    connection = Connection(stream)
    try:
        connection.handshake()
        connection.serve()
    except (Closed, OSError, UnicodeDecodeError):
        pass
    try:
        # The peer has to see the end although other threads still hold the stream.
        stream.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    stream.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            stream, _ = listener.accept()
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=[stream], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    sys.stdin.read()


main()
