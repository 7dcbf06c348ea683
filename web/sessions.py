"""Django's sessions in the database, for keys that we can have made. A cookie may say anything, and PostgreSQL knows no NUL."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
