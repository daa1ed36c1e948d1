"""NDJSON, which schemathesis does not know: it sends one line, and reads an answer line by line."""

import json

import schemathesis

NDJSON = "application/x-ndjson"


@schemathesis.serializer(NDJSON)
def write(ctx, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"


@schemathesis.deserializer(NDJSON)
def read(ctx, response):
    lines = [json.loads(line) for line in response.text.splitlines()]
    # The description tells what one line is; an answer without lines breaks no promise about them.
    return lines[0] if lines else None
