"""Client processes that a barrier holds until all of a round act at the same moment."""

import json
import multiprocessing as mp
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any, TypeAlias

Answers = list[list[int]]
#: What a client does over its own connection; it calls the second argument to wait for the others.
Deed: TypeAlias = Callable[[HTTPConnection, Callable[[], object]], Any]


@dataclass(frozen=True, slots=True)
class Shot:
    """One request of one client in one round."""

    path: str
    body: dict[str, Any]
    token: str


def at_once(address: str, deeds: Sequence[Deed]) -> list[Any]:
    """What each deed gives, each done by a process of its own."""
    context = mp.get_context("fork")
    barrier = context.Barrier(len(deeds))
    answers: Any = context.Queue()
    processes = [
        context.Process(target=_client, args=(address, deed, barrier, answers, n), daemon=True)
        for n, deed in enumerate(deeds)
    ]
    for process in processes:
        process.start()
    found = dict(answers.get(timeout=300) for _ in processes)
    for process in processes:
        process.join(timeout=30)
    assert [gone for gone in found.values() if isinstance(gone, str)] == []
    return [found[n] for n in range(len(deeds))]


def fire(address: str, clients: Sequence[list[Shot]]) -> Answers:
    """Every client's statuses, round by round; all clients fire each round at the same moment."""
    return at_once(address, [partial(_statuses, shots) for shots in clients])


def rounds(answers: Answers) -> list[Counter[int]]:
    """The statuses of each round, counted."""
    return [Counter(statuses) for statuses in zip(*answers, strict=True)]


def posted(line: HTTPConnection, shot: Shot) -> tuple[int, bytes]:
    """The status and the body that come back."""
    headers = {"Authorization": f"Bearer {shot.token}", "Content-Type": "application/json"}
    line.request("POST", shot.path, json.dumps(shot.body), headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def _statuses(shots: list[Shot], line: HTTPConnection, wait: Callable[[], object]) -> list[int]:
    statuses = []
    for shot in shots:
        wait()
        statuses.append(posted(line, shot)[0])
    return statuses


def _client(address: str, deed: Deed, barrier: Any, answers: Any, number: int) -> None:
    line = HTTPConnection(address.removeprefix("http://"), timeout=120)
    try:
        answers.put((number, deed(line, partial(barrier.wait, timeout=120))))
    except Exception as error:
        barrier.abort()  # the others need not wait for one that is gone
        answers.put((number, repr(error)))
