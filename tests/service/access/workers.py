"""A worker process for the tests of limits: it reads tries from its standard input, one JSON a line, and says what each was answered."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Set up, then answer until the input ends."""
    import logging
    import warnings

    import django

    warnings.simplefilter("ignore")
    django.setup()
    logging.disable(logging.CRITICAL)
    from django.test import Client

    for line in sys.stdin:
        wanted = json.loads(line)
        browser = Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=wanted["address"])
        answer = browser.post(wanted["path"], wanted["fields"])
        print(json.dumps({"status": answer.status_code, "place": answer.headers.get("Location", "")}), flush=True)


if __name__ == "__main__":
    main()
