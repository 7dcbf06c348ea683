"""Calls of stories that need no carrier: what it would have told is put down as contact.listening hears it."""

import itertools
from datetime import timedelta

from contact import listening
from contact.merging import Facts
from contact.models import Call, Line, Side

_names = itertools.count(1)


def a_call(match, *, by, at, rang=22, talked=None, status="no-answer", told_at=None, **facts) -> Call:
    """A call with the PIN of `match`, whose leg to the homeowner started at `at`, rang so many seconds and, if `talked` is said, was
    answered for so long. It is over and told of at `told_at`, when it ended if not said."""
    second = timedelta(seconds=1)
    answered = at + rang * second if talked is not None else None
    ended = at + (rang + (talked or 0)) * second
    leg = Facts(
        status="completed" if talked is not None else status,
        initiated_at=at,
        ringing_at=at if status != "failed" else None,
        answered_at=answered,
        ended_at=ended,
        seconds=talked,
        **{"ended_by": "homeowner"} | facts,
    )
    now = told_at or ended
    call = dialled(match, by=by, at=at)
    listening.note(call, _name(), leg, now=now, parent=False)
    listening.close(call, now=now)
    call.refresh_from_db()
    return call


def dialled(match, *, by, at, way=Call.Way.PIN) -> Call:
    """A call of which only the beginning is known: the pro has entered the PIN."""
    line = Line.objects.select_related("number").get(pk=match.pk)
    side = Side.HOMEOWNER if way == Call.Way.CALLBACK else Side.PRO
    call = listening.begin(provider_id=_name(), side=side, number=line.number, way=way, now=at)
    Call.objects.filter(pk=call.pk).update(line=line, member=by)
    call.refresh_from_db()
    return call


def a_call_back(match, *, at, talked=60) -> Call:
    """The homeowner calls back and speaks so long; with None nobody answers."""
    call = dialled(match, by=None, at=at, way=Call.Way.CALLBACK)
    answered = at + timedelta(seconds=8) if talked is not None else None
    ended = at + timedelta(seconds=8 + (talked or 20))
    listening.note(call, call.legs.get().provider_id, Facts(status="completed", initiated_at=at, ended_at=ended), now=ended)
    leg = Facts("completed" if talked is not None else "no-answer", at, at, answered, None, ended, talked)
    listening.note(call, _name(), leg, now=ended, parent=False)
    listening.close(call, now=ended)
    call.refresh_from_db()
    return call


def a_fault(match, *, by, at) -> Call:
    """A call that failed through us before anybody was dialled."""
    call = dialled(match, by=by, at=at)
    listening.close(call, now=at, fault=True)
    call.refresh_from_db()
    return call


def _name():
    return f"CA{next(_names):032x}"
