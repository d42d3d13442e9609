"""Hooks of Schemathesis: it knows no bodies of lines."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines_of(_context, value):
    if isinstance(value, (bytes, str)):
        return value
    rows = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
