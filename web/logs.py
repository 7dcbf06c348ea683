"""Logs carry ids, never tokens: whoever reads a log must not be able to open a homeowner's page (INVARIANTS 35)."""

import logging
import re

SECRET_PART = re.compile(r"(/(?:request|pro/invitation|pro/password)/)[A-Za-z0-9_=-]{16,}")


class WithoutTokens(logging.Filter):
    """Blanks the tokens of signed links in whatever is logged. Never drops a record."""

    def filter(self, record):
        told = record.getMessage()
        blanked = SECRET_PART.sub(r"\1[token]", told)
        if blanked != told:
            record.msg, record.args = blanked, ()
        return True
