"""Pictures of every page, to be looked at: `python -m tests.browser.pictures [WORD ...]` (only pages whose name has one of the words).

They go to var/pictures/, a PNG for each page, device and colour scheme. Without words the picture of the README is made anew as well:
docs/lead-manager.png, the inbox of the demo.
"""

# ruff: noqa: E402 - the servers come first, then Django, then what needs both

import os
import sys
from contextlib import contextmanager

import tests.ground  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django

django.setup()

from django.conf import settings
from django.utils import timezone

from accounts.models import Member
from core import doorbell
from operations.demo import build
from operations.demo.cast import main_company
from tests.browser import market as markets
from tests.browser import site as sites
from tests.browser.chromium import DEVICES, MISSING, chromium, path, visitor
from tests.browser.market import Market
from tests.browser.pages import VISITS
from tests.databases import PREFIX

PICTURES = settings.VAR_DIR / "pictures"
README = settings.BASE_DIR / "docs" / "lead-manager.png"
LARGEST = 200_000  # bytes of the picture that is committed


def main(words):
    if not path():
        return MISSING
    doorbell._put = lambda task, ids: None  # no bells for workers of another database
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        with _site("pictures") as site, site.here():
            market = markets.make(site)
            for visit in VISITS:
                if not words or any(word in visit.name for word in words):
                    for device in DEVICES:
                        _every_scheme(browser, market, visit, device)
        if not words:
            with _site("demo") as site, site.here():
                _readme(browser, site)
    return None


@contextmanager
def _site(name):
    database = f"{PREFIX}_{name}_{os.getpid()}"
    log = settings.VAR_DIR / "log" / f"{name}.log"
    with sites.database(database), log.open("wb") as said, sites.running(database, said) as site:
        yield site


def _every_scheme(browser, market, visit, device):
    context = visitor(browser, device, device_scale_factor=2 if device == "phone" else 1, bypass_csp=visit.locked)
    if visit.who:
        market.enter(context, visit.who)
    page = context.new_page()
    page.goto(visit.address(market))
    if visit.act:
        visit.act(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=PICTURES / f"{visit.name.replace(', ', '-').replace(' ', '-')}-{device}-{scheme}.png", full_page=True)
    context.close()


def _readme(browser, site):
    """The inbox of the demo's first pro, as its owner finds it on a desk."""
    build(now=timezone.now())
    market = Market(site)
    with market.scope():
        market.members["owner"] = Member.objects.get(pro__source_key=main_company().key, role=Member.Role.OWNER)
    context = visitor(browser, "desk")
    market.enter(context, "owner")
    page = context.new_page()
    page.goto(site.url("/pro/leads/"))
    page.screenshot(path=README)
    size = README.stat().st_size
    print(f"{README}: {size:,} bytes")
    assert size < LARGEST, "the picture of the README is too large to be committed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
