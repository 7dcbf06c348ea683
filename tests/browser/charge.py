"""Requests whose homeowners took things into their own hands, in every state worth looking at."""

from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from credits import stopping
from leads import hiring, matching, photos, replacing, revealing, waiting
from leads.models import Match
from leads.opening import open_match
from tests.calls import a_call
from tests.factories import a_lead, a_matched_lead, a_member, a_pro

TWO, FOUR, NOBODY = "60657", "60613", "60601"
HOUR = timedelta(hours=1)


def make(market, now):
    """Two pros in one ZIP code, four in another, nobody in a third; what the homeowners did stands in the names of the requests."""
    then = now - timedelta(days=60)
    names = ("Wrightwood Plumbing", "Sheffield & Sons Mechanical", "Barry Avenue Boilers", "Nettelhorst Water Works")
    for number, name in enumerate(names):
        pro = a_pro(name, zips=[TWO, FOUR] if number < 2 else [FOUR], budget=100_000, now=then)
        market.members[f"charge{number}"] = a_member(
            pro, email=f"charge{number}@pros.example", phone=f"+1708555{150 + number:04}", now=then
        )
    lead = _lead(market, now)
    two = lead("two seats", HOUR, zip=TWO, name="Nora Castillo")
    a_call(_match(two, market, 0), by=market.members["charge0"], at=now - 0.8 * HOUR, talked=252)
    open_match(_match(two, market, 1), by=market.members["charge1"], now=now - 0.9 * HOUR)
    for picture in (_boiler("#b9c3cf"), _boiler("#d8b48a")):
        photos.add(two, picture, now=now)
    lead("four seats", 2 * HOUR, zip=FOUR, name="Ike Bergman")
    stopped = lead("one stopped", 3 * HOUR, zip=FOUR, name="Lena Osei")
    stopping.stop_one(_match(stopped, market, 1), now=now - HOUR)
    for name in ("silent", "replaced"):
        lead(name, 49 * HOUR, zip=TWO, name=f"Ann {name.title()}")
    replacing.warn_due(now=now - 25 * HOUR)
    replacing.replace(_match(market.leads["replaced"], market, 1), now=now - 0.5 * HOUR)
    hired = lead("hired", 30 * HOUR, zip=TWO, name="Bo Ferris")
    chosen = _match(hired, market, 0)
    revealing.reveal(chosen, "phone", now=now - 20 * HOUR)
    revealing.reveal(chosen, "address", now=now - 20 * HOUR)
    photos.add(hired, _boiler("#d8b48a"), now=now)
    hiring.say(hired, "pro", match_id=chosen.pk, now=now - HOUR)
    lead("nobody fits", HOUR, zip=NOBODY, name="Cy Abbott")
    for name in ("unfilled", "unlisted", "listed", "able"):
        late = market.leads[name] = a_lead(now=now - 80 * HOUR, zip=NOBODY, name=f"Dee {name.title()}", phone=_phone(market))
        matching.route(lead_id=late.pk, now=now - 7 * HOUR)
        late.refresh_from_db()
    for name in ("listed", "able"):
        waiting.wait(market.leads[name], now=now - HOUR)
    type(late).objects.filter(pk=market.leads["able"].pk).update(able_at=now, waiting_due_at=None)
    type(late).objects.filter(pk=market.leads["listed"].pk).update(waiting_due_at=now + HOUR)


def _lead(market, now):
    def lead(key, ago, **said):
        market.leads[key] = a_matched_lead(now=now - ago, phone=_phone(market), street=f"{len(market.leads)} Charge Street", **said)
        return market.leads[key]

    return lead


def _phone(market):
    return f"+1847555{100 + len(market.leads):04}"


def _match(lead, market, number):
    return Match.objects.select_related("pro", "line").get(lead=lead, pro=market.members[f"charge{number}"].pro)


def _boiler(color) -> bytes:
    """Something that could be a picture of a tank."""
    image = Image.new("RGB", (800, 600), "#e7e4df")
    draw = ImageDraw.Draw(image)
    draw.rectangle((260, 80, 540, 560), fill=color)
    draw.ellipse((260, 40, 540, 120), fill=color)
    draw.line((400, 0, 400, 60), fill="#8a5a2b", width=18)
    written = BytesIO()
    image.save(written, "JPEG")
    return written.getvalue()
