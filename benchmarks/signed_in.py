"""Somebody who signs in to a running server and asks it for pages, one after the other, over one connection."""

import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

# Seconds after which a connection that nobody used is not trusted any more.
IDLE = 1.0


@dataclass(frozen=True)
class Answer:
    """What came back: status, where it sends on to, the text, and milliseconds until all of it was there."""

    status: int
    location: str
    text: str
    milliseconds: float
    bytes: int


class Session:
    """A browser without pictures or scripts. Raises `RuntimeError` where signing in fails."""

    def __init__(self, address: str, *, timeout: float = 60) -> None:
        self.host = urlsplit(address).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=timeout)
        self.cookies: dict[str, str] = {}
        self.last = time.perf_counter()

    def sign_in(self, email: str, password: str) -> "Session":
        """As on the page."""
        self.get("/accounts/sign-in/")
        answer = self.post("/accounts/sign-in/", {"login": email, "password": password})
        if answer.status != 302:
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        return self

    def again(self) -> "Session":
        """The same somebody in another tab."""
        other = Session(f"http://{self.host}")
        other.cookies = dict(self.cookies)
        return other

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """A form, with the token that protects it."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self.host}/"}
        began = time.perf_counter()
        if began - self.last > IDLE:
            self.connection.close()  # the server has closed it, or is about to
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        self.last = time.perf_counter()
        taken = (self.last - began) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and (found := re.match(r"([^=;]+)=([^;]*)", value)):
                self.cookies[found[1]] = found[2]
        location = answer.getheader("Location") or ""
        return Answer(answer.status, location, content.decode(errors="replace"), taken, len(content))
