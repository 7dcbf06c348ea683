"""Calls and numbers by Twilio's REST API."""

from contextlib import contextmanager
from datetime import UTC

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from contact.carriers import TIME_OUT, NewNumber, Record, Unreachable
from contact.models import Number
from contact.policy import Contact
from core.addresses import root_of
from core.policy import read
from core.tenancy import scope
from notifications.channels.twilio import connect

EVENTS = ["initiated", "ringing", "answered", "completed"]
OVER = (400, 404)  # of a call that has ended or is none
PAGE = 1000  # records in one answer, the most there can be


class Twilio:
    """The calls and numbers of one marketplace. `client` stands in for Twilio's own in tests."""

    def __init__(self, marketplace, client=None):
        self.marketplace = marketplace
        self.client = client or connect(TIME_OUT)

    def place(self, *, to, from_number, url, status_url, now):
        with scope(self.marketplace):
            seconds = read(Contact).ring_timeout
        with _unreachable():
            call = self.client.calls.create(
                to=to, from_=from_number, url=url, status_callback=status_url, status_callback_event=EVENTS, timeout=seconds
            )
        return call.sid

    def cut(self, provider_id, *, now):
        with _unreachable():
            try:
                self.client.calls(provider_id).update(status="completed")
            except TwilioRestException as error:
                if error.status not in OVER:
                    raise

    def look_up(self, provider_id):
        with _unreachable():
            try:
                call = self.client.calls(provider_id).fetch()
            except TwilioRestException as error:
                if error.status == 404:
                    return []
                raise
            return [_record(each) for each in (call, *self.client.calls.list(parent_call_sid=provider_id, page_size=PAGE))]

    def since(self, number, start):
        start = start.astimezone(UTC)
        with _unreachable():
            found = [
                call
                for side in ("to", "from_")
                for call in self.client.calls.list(**{side: number}, start_time_after=start, page_size=PAGE)
                if call.start_time and call.start_time >= start  # by its documents Twilio's own filter knows only days
            ]
            return [_record(call) for call in {call.sid: call for call in found}.values()]

    def new_number(self, *, near, now):
        with scope(self.marketplace):
            known = set(Number.objects.values_list("number", flat=True))
        hooks = f"{root_of(self.marketplace)}hooks/{self.marketplace.slug}/voice/"
        name = f"{self.marketplace.name} ({self.marketplace.slug})"[:64]
        with _unreachable():
            # What was bought when the answer got lost is not bought again.
            for bought in self.client.incoming_phone_numbers.list(friendly_name=name, page_size=PAGE):
                if bought.phone_number not in known:
                    return NewNumber(bought.phone_number, bought.sid)
            bought = self.client.incoming_phone_numbers.create(
                phone_number=self._offered(near),
                friendly_name=name,
                voice_url=hooks,
                voice_fallback_url=hooks,
                status_callback=f"{hooks}status/",
            )
        return NewNumber(bought.phone_number, bought.sid)

    def _offered(self, near):
        """A number that is for sale, near another if there is one."""
        shop = self.client.available_phone_numbers("US").local
        areas = [{"area_code": int(near[2:5])}] if near.startswith("+1") and near[1:].isdecimal() else []
        for area in [*areas, {}]:
            if offered := shop.list(**area, voice_enabled=True, limit=1):
                return offered[0].phone_number
        raise Unreachable("no number is for sale")


@contextmanager
def _unreachable():
    """Whatever goes wrong with Twilio is Unreachable; what it said may hold numbers, so only its kind is passed on."""
    try:
        yield
    except TwilioRestException as error:
        raise Unreachable(f"refused {error.status} {error.code}") from None
    except (TwilioException, requests.RequestException) as error:
        raise Unreachable(type(error).__name__) from None


def _record(call):
    return Record(
        provider_id=call.sid,
        parent_id=call.parent_call_sid or "",
        from_number=call._from or "",
        to_number=call.to or "",
        inbound=call.direction == "inbound",
        status=call.status,
        started_at=call.start_time,
        ended_at=call.end_time,
        seconds=int(call.duration) if call.duration and call.status == "completed" else None,  # "0" of calls that nobody answered
        machine=call.answered_by.startswith(("machine", "fax")) if call.answered_by else None,
    )
