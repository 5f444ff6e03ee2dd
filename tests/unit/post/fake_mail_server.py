"""A mail server on this machine that answers as a test asks, or goes away in the middle."""

import socketserver
import threading


class FakeMailServer:
    """`recipient` and `data` are the answers to a recipient and to a whole email; "" hangs up instead."""

    def __init__(self) -> None:
        self.recipient, self.data = "250 ok", "250 taken"
        self.taken: list[str] = []
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 fake")
                for line in self.rfile:
                    command = line.decode().strip().upper()
                    if command.startswith(("EHLO", "HELO")):
                        self._say("250 fake")
                    elif command.startswith("RCPT"):
                        self._say(fake.recipient)
                    elif command == "DATA":
                        self._say("354 go on")
                        written = b""
                        while not written.endswith(b"\r\n.\r\n"):
                            written += self.rfile.readline()
                        if not fake.data:
                            fake.taken.append(written.decode())
                            return
                        if fake.data.startswith("250"):
                            fake.taken.append(written.decode())
                        self._say(fake.data)
                    elif command == "QUIT":
                        self._say("221 bye")
                        return
                    else:
                        self._say("250 ok")

            def _say(self, words: str) -> None:
                self.wfile.write(f"{words}\r\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
