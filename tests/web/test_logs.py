"""A token in a path does not reach the log (INVARIANTS 35)."""

import logging

from web.logs import WithoutTokens


def test_tokens_of_signed_links_are_blanked():
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/request/AZ8xq3b_-kQ0aaaaaaaaaaaaaaaaaaaaa/stop/",), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /request/[token]/stop/"


def test_other_paths_stand_as_they_were():
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/request/services",), None)
    WithoutTokens().filter(record)
    assert record.getMessage() == "Not Found: /request/services"
