"""The mail provider tells what became of an e-mail. anymail knows each provider's words and signature."""

import logging

from anymail import urls as providers
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse
from django.utils import timezone

from api.webhooks.door import Malformed, hook, message_id, plain
from notifications import delivery, stop
from notifications.channels import email
from notifications.models import Channel

log = logging.getLogger(__name__)


def is_genuine(request, marketplace) -> bool:
    """The provider of settings.EMAIL_BACKEND proved itself; without a secret nobody can. 404 when it is none of anymail's."""
    try:
        receiver = _receiver()
        if receiver.warn_if_no_basic_auth and not receiver.basic_auth:
            return False
        receiver.run_validators(request)
    except AnymailWebhookValidationFailure:
        return False
    except ImproperlyConfigured as error:
        log.error("the mail provider's webhooks cannot be checked error=%s", type(error).__name__)
        return False
    return True


@hook(is_genuine)
def events(request, marketplace):
    """Tracking events, one or many. Who complains or unsubscribes gets no more e-mail."""
    now = timezone.now()
    for event in _parsed(request):
        if event.event_type in (EventType.COMPLAINED, EventType.UNSUBSCRIBED):
            if recipient := plain(event.recipient):
                stop.stop(Channel.EMAIL, recipient[:254], reason=event.event_type, now=now)
        elif fact := email.told(event):
            ours = message_id((event.metadata or {}).get("message"))
            delivery.report(fact, message_id=ours, provider_id=plain(event.message_id), now=now)
    return HttpResponse(status=204)


def _receiver():
    """anymail's own view for our provider, used for its knowledge only: its signals are not sent."""
    package, _, name = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")
    if package == "anymail.backends":
        for pattern in providers.urlpatterns:
            if pattern.name == f"{name}_tracking_webhook":
                return pattern.callback.view_class()
    raise Http404


def _parsed(request):
    try:
        return _receiver().parse_events(request)
    except Exception as error:
        raise Malformed("The events are not understood.") from error
