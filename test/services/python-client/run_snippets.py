"""Runs snippets of iot-monitoring-pipeline.md, as written, against a server that may go away and come back.

    usage: run_snippets.py PORT SECTION READINGS FAULT

Only these things are changed in the snippets: the port, time.sleep (counted, not slept), their endless loops (ended
after READINGS readings by an exception that they can't see coming), and requests.get and requests.post, which try
again while there is no answer. The simulated sensors are FAULT degrees too hot at the end. Prints one line of JSON: what
was printed, what the server acknowledged, and the error that ended the snippet.
"""
import contextlib
import io
import json
import pathlib
import random
import re
import sys
import time
import types

import requests

PORT, SECTION, READINGS, FAULT = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
TEXT = pathlib.Path(__file__).with_name("iot-monitoring-pipeline.md").read_text(encoding="utf-8")
TEXT = TEXT.replace("localhost:14345", f"localhost:{PORT}")
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.S)
CURL = re.findall(r"curl -X POST (\S+) \\\n.*?-d '(.*?)'\n", TEXT, re.S)
BASE = f"http://localhost:{PORT}/v1/ml"

# number of readings with a fault, the last ones
FAULTY = 5

# per row that was acknowledged: its temperature, which no other row has
facts = {
    "printed": [],
    "statuses": [],
    "acknowledged": [],
    "in_doubt": 0,
    "lost": 0,
    "scores": [],
    "error": None,
}


class Stop(BaseException):
    """Not an Exception: the snippet's own handlers do not see it."""


class CountedTime(types.ModuleType):
    def __init__(self):
        super().__init__("time")
        self.time = time.time
        self.sleeps = 0

    def sleep(self, _seconds):
        self.sleeps += 1
        if self.sleeps >= READINGS:
            raise Stop()


def insisting(method):
    """The method, again until there is an answer."""

    def call(url, **options):
        rows = options["json"]["rows"] if url.endswith("/append") else []
        while True:
            try:
                reply = method(url, timeout=30, **options)
                body = reply.json()
                if reply.status_code == 503:  # it recovers its state, and has changed nothing
                    time.sleep(0.02)
                    continue
            except (requests.exceptions.RequestException, ValueError):
                facts["lost"] += 1
                facts["in_doubt"] += len(rows)
                time.sleep(0.02)
                continue
            break
        facts["statuses"].append(reply.status_code)
        if reply.status_code == 200:
            facts["acknowledged"] += [row.get("temperature") for row in rows]
            if url.endswith("/score"):
                facts["scores"].append([body["is_warm"], body["observations_seen"], body["anomaly_score"]])
        return reply

    return call


def snippet(part):
    (found,) = [code for code in PYTHON if part in code]
    return found


def run(code, act=lambda names: None):
    """Executes a snippet, then `act` with what it has defined, until the loop ends."""
    printed = io.StringIO()
    names = {"__name__": "snippet"}
    real, sys.modules["time"] = sys.modules["time"], CountedTime()
    try:
        with contextlib.redirect_stdout(printed), contextlib.suppress(Stop):
            exec(compile(code, "snippet", "exec"), names)
            act(names)
    except KeyError as error:
        facts["error"] = repr(error)
    finally:
        sys.modules["time"] = real
    facts["printed"] += printed.getvalue().splitlines()


def reading():
    return {
        "temperature": 22 + random.gauss(0, 0.5),
        "humidity": 45 + random.gauss(0, 2),
        "pressure": 1013 + random.gauss(0, 1),
    }


def historical(i):
    timestamp = f"2026-01-01T00:{i // 60:02d}:{i % 60:02d}"
    return {"timestamp": timestamp, "sensor_id": "sensor-01", **reading()}


def set_up():
    for url, body in CURL:
        requests.post(url, data=body, headers={"Content-Type": "application/json"})


def faulty(read):
    """A sensor whose last readings are too hot."""
    count = iter(range(READINGS))

    def sensor():
        values = read()
        if next(count) >= READINGS - FAULTY:
            values["temperature"] += FAULT
        return values

    return sensor


def monitor():
    run(snippet("def monitor_sensors"), lambda names: names["monitor_sensors"](faulty(reading)))


def history():
    rows = [historical(i) for i in range(READINGS)]
    run(snippet("def seed_from_history"), lambda names: names["seed_from_history"](rows))


def groups():
    run(f"import requests\nBASE = {BASE!r}\n" + snippet("SENSOR_GROUPS"))


def example():
    def act(names):
        names["simulate_reading"] = faulty(names["simulate_reading"])
        names["run"]()

    run(snippet("def simulate_reading"), act)


def severity():
    run(snippet("def alert_with_severity"), lambda names: names["alert_with_severity"]("s", 0.96, {}))


random.seed(f"{SECTION} {time.time()}")
requests.get, requests.post = insisting(requests.get), insisting(requests.post)
{f.__name__: f for f in (set_up, monitor, history, groups, example, severity)}[SECTION]()
print(json.dumps(facts))
