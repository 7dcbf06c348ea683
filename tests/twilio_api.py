"""Twilio's own client over a line that we hold, and its public API description, which checks what we say on it."""

import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

ACCOUNT = "AC" + "0" * 32


class Line(HttpClient):
    """Answers each request with the next of `answers`, the last one again and again: (status, content), or an exception to raise. Keeps
    what was asked: method, address and parameters."""

    def __init__(self, *answers):
        super().__init__(None, False, None)
        self.answers, self.asked = list(answers), []

    def request(self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False):
        self.asked.append((method, url, {**(params or {}), **(data or {})}))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, content = answer
        return Response(status, json.dumps(content), {})

    @property
    def client(self):
        return Client(ACCOUNT, "token", http_client=self)


def described() -> dict:
    """The OpenAPI document. It is not part of the project: TWILIO_OPENAPI names a copy of twilio_api_v2010.json, else the test is
    skipped."""
    path = os.environ.get("TWILIO_OPENAPI", "")
    if not path or not Path(path).is_file():
        pytest.skip("TWILIO_OPENAPI names no copy of Twilio's twilio_api_v2010.json")
    return json.loads(Path(path).read_text())


def strays(api: dict, line: Line) -> list[str]:
    """Everything in the requests on a line that the description does not know or misses."""
    return [stray for method, url, said in line.asked for stray in _strays(api, method, urlsplit(url).path, said)]


def _strays(api, method, path, said):
    operation = next(
        (item[method.lower()] for template, item in api["paths"].items() if _fits(template, path) and method.lower() in item), None
    )
    if operation is None:
        return [f"{method} {path}"]
    if method == "POST":
        form = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        known, needed = form["properties"], set(form.get("required", ()))
    else:
        asked = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
        known, needed = {each["name"]: each["schema"] for each in asked}, set()
    missing = [f"{method} {path} without {name}" for name in needed - said.keys()]
    return missing + [f"{name}={value}" for name, value in said.items() if not _may_be(api, known.get(name), value)]


def _fits(template, path):
    return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path)


def _may_be(api, schema, value):
    if schema is None:
        return False
    if "$ref" in schema:
        schema = api["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "array":
        return isinstance(value, list) and all(_may_be(api, schema["items"], each) for each in value)
    if schema.get("type") == "integer" and not re.fullmatch(r"-?[0-9]+", str(value)):
        return False
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        return False
    return "enum" not in schema or value in schema["enum"]
