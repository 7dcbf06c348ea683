"""Two clicks on "Send my request" at the same instant (RULES 7), in real transactions."""

import threading

from django.db import connection

from core.tenancy import scope
from leads.models import Lead
from tests.web.homeowners.conftest import PERSON, Visitor


def test_clicks_at_the_same_instant_are_one_lead(fresh):
    marketplace = fresh()
    visitor = Visitor(marketplace.host)
    key = visitor.reach_last_step()
    together, pages = threading.Barrier(4), []

    def click():
        same = Visitor(marketplace.host)
        same.cookies = visitor.cookies
        together.wait()
        pages.append(same.say("you", {**PERSON, "key": key}).url)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(pages) == 4 and len(set(pages)) == 1
    with scope(marketplace):
        assert Lead.objects.count() == 1
    connection.close()
