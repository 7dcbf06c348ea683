"""What somebody typed into the request form so far, kept in their session, which is a row in the database.

Each step saves itself. The submit key belongs to exactly the job that the last step showed: whoever changes the job gets
another key, whoever sends the same form twice sends the same key. A draft that was sent leaves only its key behind.
"""

from datetime import datetime
from secrets import token_urlsafe

SESSION_KEY = "request"
JOB = frozenset({"service", "zip", "answers", "description", "timing", "ownership", "reach"})
PERSON = frozenset({"name", "phone", "email", "street", "unit", "different_job", "way", "then_automatch"})


class Draft:
    """The draft of one visitor. Empty values are never kept, so an empty draft says nothing."""

    def __init__(self, session):
        self._session = session
        self._kept = session.get(SESSION_KEY, {})

    def get(self, name):
        """What was said as `name`; empty when nothing was."""
        return self._kept.get(name, {} if name == "answers" else "")

    def __bool__(self):
        return bool(self._kept.keys() & (JOB | PERSON))

    def keep(self, *, now: datetime, **said) -> None:
        """Save what was said on one step. Another service has other questions: answers to the old ones are forgotten."""
        kept = dict(self._kept)
        if said.get("service", kept.get("service")) != kept.get("service"):
            kept.pop("answers", None)
        kept |= said
        if any(kept.get(name) != self._kept.get(name) for name in JOB):
            kept.pop("key", None)
        kept["saved_at"] = now.isoformat()
        kept.pop("sent", None)
        self._replace({name: value for name, value in kept.items() if value})

    @property
    def saved_at(self) -> datetime | None:
        return datetime.fromisoformat(self._kept["saved_at"]) if "saved_at" in self._kept else None

    def key(self) -> str:
        """The submit key of the job as it now stands, made when the last step is first shown."""
        if "key" not in self._kept:
            self._replace(self._kept | {"key": token_urlsafe(24)})
        return self._kept["key"]

    def sent(self) -> None:
        """Forget everything but that it was sent."""
        self._replace({"sent": self._kept.get("key", "")})

    @property
    def sent_key(self) -> str:
        """The key of the request this visitor sent last, when nothing new was begun since."""
        return self._kept.get("sent", "")

    def forget(self) -> None:
        self._session.pop(SESSION_KEY, None)
        self._kept = {}

    def _replace(self, kept):
        self._kept = self._session[SESSION_KEY] = kept
