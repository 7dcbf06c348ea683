"""How the local carrier's signed webhooks reach the site, and what may become of them on the way."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from twilio.request_validator import RequestValidator

from contact.carriers import TIME_OUT
from core.addresses import root_of

SITE = "127.0.0.1"
Post = Callable[[str, dict, str], tuple[int, str]]  # path with query, what is said, signature -> status, body


@dataclass(frozen=True)
class Faults:
    """What becomes of callbacks (never of what asks for a document): the shares that are lost or made twice, between how many seconds
    they are late, and whether those due together come in any order. The same `seed` does the same to the same calls."""

    lose: float = 0.0
    repeat: float = 0.0
    delay: tuple[float, float] = (0, 0)
    shuffle: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Delivery:
    """One making of a post: `late` by so much, `lost` on the way, or an `again` of one made before."""

    late: timedelta = timedelta(0)
    lost: bool = False
    again: bool = False


class Door:
    """The way to the webhooks of one marketplace. `post` is the transport; without one it is HTTP to the development site."""

    def __init__(self, marketplace, *, post: Post | None = None, faults: Faults | None = None):
        self.marketplace = marketplace
        self.root = root_of(marketplace)
        self.post = post or over_http(marketplace)
        self.faults = faults or Faults()
        self.chance = random.Random(self.faults.seed)

    def send(self, path: str, said: dict) -> tuple[int, str]:
        """Make a post, signed over the public address. Returns the status and the body of the answer, 0 and "" for none."""
        address = self.root.removesuffix("/") + path
        return self.post(path, said, RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(address, said))

    def fate(self) -> list[Delivery]:
        """What is to become of one callback: the first delivery, then its repetitions."""
        made = [Delivery(self._late(), lost=self.chance.random() < self.faults.lose)]
        while self.chance.random() < self.faults.repeat and len(made) < 5:
            made.append(Delivery(self._late(), again=True))
        return made

    def in_order(self, events: list) -> list:
        """Events that are due together, in the order in which they go out."""
        if self.faults.shuffle:
            self.chance.shuffle(events)
        return events

    def _late(self):
        return timedelta(seconds=self.chance.uniform(*self.faults.delay))


def over_http(marketplace) -> Post:
    """The transport of a development site: a real request to the port it listens on."""

    def post(path, said, signature):
        headers = {"Host": f"{marketplace.host}:{settings.PORT}", "X-Twilio-Signature": signature}
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between a site and itself
            try:
                answer = session.post(
                    f"http://{SITE}:{settings.PORT}{path}", data=said, headers=headers, timeout=TIME_OUT, allow_redirects=False
                )
            except requests.RequestException:
                return 0, ""
        return answer.status_code, answer.text

    return post


def in_process(path: str, said: dict, signature: str) -> tuple[int, str]:
    """The transport of tests and simulations: through the site's whole middleware, in this process and on its database connection."""
    body = urlencode(said).encode()
    path, _mark, query = path.partition("?")
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": settings.PLATFORM_HOST,
            "SERVER_PORT": str(settings.PORT),
            "REMOTE_ADDR": SITE,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_TWILIO_SIGNATURE": signature,
            "wsgi.url_scheme": "http" if settings.DEVELOPMENT else "https",
            "wsgi.input": io.BytesIO(body),
        }
    )
    # No signals of a request's start and end: they would close a connection that is in a transaction.
    answer = _site().get_response(request)
    return answer.status_code, answer.content.decode()


@cache
def _site():
    handler = BaseHandler()
    handler.load_middleware()
    return handler
