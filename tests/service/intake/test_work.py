"""Proof of work: cheap to check, bound to one form and one time, and found by the script we ship."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mingcha
from mingcha.service.intake.refusals import IntakeError
from mingcha.service.intake.work import LIFETIME, challenge, is_solution, issued, solved, waited

SECRET = b"s" * 32
NOW = 1_790_000_000.5
SCRIPT = Path(mingcha.__file__).parent / "service" / "static" / "work.js"


def solution(task: str, difficulty: int) -> str:
    return next(str(n) for n in count() if is_solution(task, str(n), difficulty))


def code(task: str, nonce: str, now: float = NOW, purpose: str = "complaint", secret: bytes = SECRET) -> str | None:
    try:
        assert solved(secret, task, nonce, now, purpose=purpose)
    except IntakeError as error:
        return error.code
    return None


def test_a_solution_counts_once_and_in_its_time() -> None:
    """A solved challenge gives the same identifier each time, another challenge another one, and none after its end."""
    first, second = (challenge(SECRET, "complaint", NOW, 8) for _ in range(2))
    nonce = solution(first, 8)
    name = solved(SECRET, first, nonce, NOW, purpose="complaint")
    assert name == solved(SECRET, first, nonce, NOW + 9, purpose="complaint")
    assert name != solved(SECRET, second, solution(second, 8), NOW, purpose="complaint")
    assert code(first, nonce, NOW + LIFETIME - 2) is None
    assert code(first, nonce, NOW + LIFETIME) == "work-expired"


def too_soon(task: str, now: float, purpose: str = "complaint", secret: bytes = SECRET) -> str | None:
    try:
        waited(secret, task, now, purpose=purpose, seconds=60)
    except IntakeError as error:
        return error.code
    return None


def test_waiting_counts_like_work() -> None:
    """Without a script a challenge serves after its wait and before its end, under the same identifier as if it were solved."""
    task = challenge(SECRET, "complaint", NOW, 8)
    assert [too_soon(task, NOW + after) for after in (0, 59, 60, LIFETIME - 1, LIFETIME)] == [
        "work-too-soon", "work-too-soon", None, None, "work-expired"
    ]  # fmt: skip
    solved_as = solved(SECRET, task, solution(task, 8), NOW, purpose="complaint")
    assert waited(SECRET, task, NOW + 60, purpose="complaint", seconds=60) == solved_as
    assert issued(SECRET, task, purpose="complaint") == int(NOW)


def test_only_our_challenges_can_be_waited_for() -> None:
    """A challenge for another form, of another secret or made up is not let in by waiting."""
    task = challenge(SECRET, "complaint", NOW, 8)
    assert too_soon(task, NOW + 60, purpose="report") == "work-wrong"
    assert too_soon(task, NOW + 60, secret=b"t" * 32) == "work-wrong"
    assert too_soon(f"1.complaint.{int(NOW)}.8.{'a' * 16}.{'b' * 22}", NOW + 60) == "work-wrong"


def test_another_form_another_secret() -> None:
    """A solution for one form is none for another, and nothing that we did not sign is one."""
    task = challenge(SECRET, "complaint", NOW, 8)
    nonce = solution(task, 8)
    assert code(task, nonce, purpose="report") == "work-wrong"
    assert code(task, nonce, secret=b"t" * 32) == "work-wrong"


@pytest.mark.parametrize(("part", "other"), [(1, "report"), (2, "9999999999"), (3, "1"), (4, "a" * 16), (5, "a" * 22)])
def test_nothing_in_a_challenge_can_be_changed(part: int, other: str) -> None:
    """Purpose, end, difficulty and identifier are signed."""
    parts = challenge(SECRET, "complaint", NOW, 2).split(".")
    parts[part] = other
    forged = ".".join(parts)
    assert code(forged, solution(forged, 8), purpose=parts[1]) == "work-wrong"


def test_work_that_was_not_done() -> None:
    """A nonce that does not solve, and one that is too long or no plain text, is refused."""
    task = challenge(SECRET, "complaint", NOW, 12)
    wrong = next(str(n) for n in count() if not is_solution(task, str(n), 12))
    for nonce in (wrong, "", "a" * 33, "1 ", "1\n", "é"):
        assert code(task, nonce) == "work-wrong"


@given(st.text(max_size=120), st.text(max_size=40))
def test_any_answer_is_refused_politely(task: str, nonce: str) -> None:
    """Whatever is sent back, the answer is a refusal of ours."""
    assert code(task, nonce) == "work-wrong"


@pytest.mark.parametrize(("purpose", "difficulty"), [("complaint", 0), ("complaint", 31), ("Form.1", 8), ("", 8)])
def test_a_challenge_that_makes_no_sense(purpose: str, difficulty: int) -> None:
    """Purposes and difficulties that could not be read back are refused where they are made."""
    with pytest.raises(ValueError, match="difficulty"):
        challenge(SECRET, purpose, NOW, difficulty)


@pytest.mark.parametrize("difficulty", [1, 7, 8, 9, 16])
def test_difficulty_is_counted_in_bits(difficulty: int) -> None:
    """A solution begins with so many zero bits, as counted by hand in its hexadecimal digits."""
    import hashlib

    task = challenge(SECRET, "complaint", NOW, difficulty)
    digest = hashlib.sha256(f"{task}:{solution(task, difficulty)}".encode()).hexdigest()
    assert f"{int(digest, 16):0256b}"[:difficulty] == "0" * difficulty


# --- the script ------------------------------------------------------------------------------------------------------

IN_WORKER = """
const fs = require("fs"), vm = require("vm");
const [script, tasks] = process.argv.slice(1);
const self = { postMessage: (nonce) => { self.nonce = nonce; } };
vm.runInContext(fs.readFileSync(script, "utf8"), vm.createContext({ self, setTimeout }));
console.log(JSON.stringify(JSON.parse(tasks).map((task) => { self.onmessage({ data: task }); return self.nonce; })));
"""

ON_PAGE = """
const fs = require("fs"), vm = require("vm");
const [script, task, worker] = process.argv.slice(1);
const source = fs.readFileSync(script, "utf8"), heard = {}, sent = [], status = { textContent: "" };
const field = { value: "" }, button = { name: "send" };
const form = {
  dataset: { work: task, workWaiting: "waiting", workDone: "done" },
  elements: { namedItem: () => field }, querySelector: () => status,
  addEventListener: (name, act) => { heard[name] = act; },
  requestSubmit: (by) => { sent.push(by === button); console.log(JSON.stringify([field.value, status.textContent, sent])); },
};
class Worker {
  constructor(address) {
    if (worker === "none") throw new Error("refused by policy");
    this.self = { postMessage: (nonce) => setTimeout(() => this.onmessage({ data: nonce }), 0) };
    if (worker === "silent") setTimeout(() => this.onerror({}), 0);
    else vm.runInContext(fs.readFileSync(address, "utf8"), vm.createContext({ self: this.self, setTimeout }));
  }
  postMessage(data) { if (worker === "works") setTimeout(() => this.self.onmessage({ data }), 0); }
  terminate() {}
}
const document = { currentScript: { src: script }, querySelectorAll: () => [form] };
vm.runInContext(source, vm.createContext({ document, Worker, setTimeout, Date }));
let stopped = 0;
heard.submit({ submitter: button, preventDefault: () => { stopped += 1; } });
if (stopped !== 1 || status.textContent !== "waiting") throw new Error("sent too early");
"""

node = pytest.mark.skipif(shutil.which("node") is None, reason="no node to run the script in")


def run(program: str, *given: str) -> str:
    done = subprocess.run(["node", "-e", program, *given], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@node
def test_the_script_solves_what_we_check() -> None:
    """The worker's own SHA-256 agrees with ours for texts of every length around the ends of blocks."""
    tasks = [challenge(SECRET, "a" + "b" * extra, NOW, 9) for extra in range(30)]
    tasks += [f"1.x.1.9.{'c' * length}" for length in range(140)]
    nonces = json.loads(run(IN_WORKER, str(SCRIPT), json.dumps(tasks)))
    assert all(is_solution(task, nonce, 9) for task, nonce in zip(tasks, nonces, strict=True))


@node
@pytest.mark.parametrize("worker", ["works", "none", "silent"])
def test_the_form_waits_for_the_solution(worker: str) -> None:
    """A form sent too early is held, told why, and sent by the same button once solved: with a worker, without, with a broken one."""
    task = challenge(SECRET, "complaint", NOW, 10)
    nonce, status, by_button = json.loads(run(ON_PAGE, str(SCRIPT), task, worker))
    assert code(task, nonce) is None
    assert (status, by_button) == ("done", [True])


def test_the_script_needs_no_permission() -> None:
    """The script evaluates no text, writes no markup and asks no other host, so that the strictest policy allows it."""
    text = re.sub(r"/\*.*?\*/", "", SCRIPT.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(
        r"\beval\b|new Function|innerHTML|document\.write|https?:|blob:|import\(|fetch\(|\.style\b", text
    )
