"""Words come in UTF-8. Django would decode them by any codec of Python that a sender names, before a middleware could ask: some of
those are none for text, which it takes for a fault of ours, others make lone surrogates."""

import codecs

from django.utils.http import parse_header_parameters

SENTENCE = b"Send this in UTF-8, please.\n"


def in_utf8(application):
    """The WSGI `application`, which hears only those who write in UTF-8; others get a 400 in plain text."""

    def answer(environ, start_response):
        if _says_utf8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(SENTENCE)))])
        return [SENTENCE]

    return answer


def _says_utf8(content_type):
    try:
        _kind, options = parse_header_parameters(content_type)
        return codecs.lookup(options.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False
