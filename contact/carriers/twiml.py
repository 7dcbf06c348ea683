"""What a document of TwiML says to do: the words the site uses, read strictly, so that a slip shows here and not at Twilio."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

NUMBER = re.compile(r"\+[0-9]{8,15}")
EVENTS = ("initiated", "ringing", "answered", "completed")
LETTERS_A_SECOND = 15  # of ordinary speech


class NotUnderstood(Exception):
    """An answer that Twilio would hang up on, or one with words that the local carrier does not know."""


@dataclass(frozen=True)
class Say:
    words: str


@dataclass(frozen=True)
class Pause:
    seconds: int


@dataclass(frozen=True)
class Gather:
    """Digits go to `action`: as many as `digits` (0: any number), or up to `finish`, or after `timeout` seconds without a further one.
    None at all within that time after `words` were said: on to the next verb."""

    action: str
    words: tuple[str, ...]
    digits: int
    finish: str
    timeout: int

    @property
    def speech(self) -> int:
        """How many seconds it takes to say `words`."""
        return sum(1 + len(words) // LETTERS_A_SECOND for words in self.words)


@dataclass(frozen=True)
class Dial:
    """Call `number`; whoever answers hears the document at `whisper` ("": nothing) before both are connected. Then on to `action`, or to
    the next verb when that is empty. A caller_id of "" is the caller's own number."""

    number: str
    caller_id: str
    timeout: int
    action: str
    whisper: str
    status_url: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Redirect:
    path: str


@dataclass(frozen=True)
class Reject:
    busy: bool


@dataclass(frozen=True)
class Hangup:
    pass


def read(document: str, *, address: str) -> list:
    """The verbs of a document found at `address`, in order, with the paths of the addresses in them. Raises NotUnderstood."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError:
        raise NotUnderstood("The answer is no XML.") from None
    if root.tag != "Response":
        raise NotUnderstood("The answer is no TwiML.")
    return [_verb(element, address) for element in root if element.tag != "Play"]


def path_of(url: str, *, address: str) -> str:
    """The path and query of `url`, seen from `address`. Raises NotUnderstood when it leads to another site: no call leaves the machine."""
    home, there = urlsplit(address), urlsplit(urljoin(address, url))
    if (there.scheme, there.netloc) != (home.scheme, home.netloc):
        raise NotUnderstood("An address in the answer is not the site's.")
    return there._replace(scheme="", netloc="", fragment="").geturl()


def _verb(element, address):
    if element.get("method", "POST").upper() != "POST":
        raise NotUnderstood(f"{element.tag} does not post.")
    match element.tag:
        case "Say":
            return Say(_words(element))
        case "Pause":
            return Pause(_whole(element, "length", 1))
        case "Gather":
            return _gather(element, address)
        case "Dial":
            return _dial(element, address)
        case "Redirect":
            return Redirect(path_of((element.text or "").strip(), address=address))
        case "Reject":
            return Reject(element.get("reason") == "busy")
        case "Hangup":
            return Hangup()
    raise NotUnderstood(f"{element.tag} is not understood.")


def _gather(element, address):
    if "dtmf" not in element.get("input", "dtmf").split() or not {child.tag for child in element} <= {"Say", "Play", "Pause"}:
        raise NotUnderstood("Gather is not understood.")
    return Gather(
        action=path_of(element.get("action", ""), address=address),
        words=tuple(_words(child) for child in element if child.tag == "Say"),
        digits=_whole(element, "numDigits", 0),
        finish=element.get("finishOnKey", "#"),
        timeout=_whole(element, "timeout", 5),
    )


def _dial(element, address):
    numbers = list(element)
    if len(numbers) != 1 or numbers[0].tag != "Number" or not NUMBER.fullmatch((numbers[0].text or "").strip()):
        raise NotUnderstood("Dial has not exactly one Number.")
    [number] = numbers
    events = number.get("statusCallbackEvent", "completed").split()
    if not set(events) <= set(EVENTS):
        raise NotUnderstood("A statusCallbackEvent is not understood.")
    return Dial(
        number=number.text.strip(),
        caller_id=element.get("callerId", ""),
        timeout=_whole(element, "timeout", 30),
        action=_path(element, "action", address),
        whisper=_path(number, "url", address),
        status_url=_path(number, "statusCallback", address),
        events=tuple(events),
    )


def _path(element, name, address):
    return path_of(element.get(name), address=address) if element.get(name) else ""


def _whole(element, name, otherwise):
    value = element.get(name, str(otherwise))
    if not re.fullmatch(r"[0-9]{1,4}", value, re.ASCII):
        raise NotUnderstood(f"{name} of {element.tag} is no number.")
    return int(value)


def _words(element):
    return " ".join("".join(element.itertext()).split())
