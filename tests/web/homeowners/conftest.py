"""A visitor at craftyard, and the form filled in step by step, as a browser sends it."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

SERVICE = {"service": "water-heater", "zip": "60614"}
JOB = {
    "description": "The tank is leaking from the bottom.",
    "answer_kind": "gas_tank",
    "answer_heaters": "1",
    "answer_place": "garage",
    "timing": "week",
    "ownership": "owner",
    "reach": "any",
}
PERSON = {"name": "Dana Whitfield", "phone": "(312) 555-0142", "email": "dana@homeowners.example", "way": "match", "agreed": "on"}


class Visitor(Client):
    """A browser at one marketplace, with its cookies."""

    def __init__(self, host="craftyard.localhost"):
        super().__init__(HTTP_HOST=host)

    def look(self, name, *args, **query):
        return self.get(reverse(f"homeowners:{name}", args=args), query)

    def say(self, name, data, *args, **headers):
        return self.post(reverse(f"homeowners:{name}", args=args), data, headers=headers)

    def reach_last_step(self, **changes):
        """Steps 1 and 2 filled in; returns the hidden key of step 3."""
        said = {**SERVICE, **JOB, **changes}
        self.say("service", {name: said[name] for name in SERVICE})
        self.say("job", {name: said[name] for name in JOB})
        return self.key()

    def key(self):
        return re.search(r'name="key" value="([\w-]+)"', self.look("you").content.decode())[1]

    def send(self, **changes):
        """The whole form; returns the answer to the last step."""
        said = {**PERSON, **changes}
        key = self.reach_last_step(**{name: value for name, value in said.items() if name in {**SERVICE, **JOB}})
        return self.say("you", {"key": key} | {name: value for name, value in said.items() if name not in {**SERVICE, **JOB}})


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    """What the pages take for the present; a story may move it: `clock.now = ...`."""
    stopped = SimpleNamespace(now=now)
    monkeypatch.setattr(timezone, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def htmx():
    return {"HX-Request": "true"}


@pytest.fixture
def visitor(marketplace):
    return Visitor()
