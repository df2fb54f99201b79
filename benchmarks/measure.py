"""Numbers of several rounds, and the CPU time that a server and its database spent on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import psutil
import psycopg

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Rounds:
    """One number per round; said as its median with the least and the most."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Rounds":
        """The rounds in the order they ran."""
        return cls(tuple(values))

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return median(self.values)

    def said(self, digits: int = 0, unit: str = "") -> str:
        """``190 (182..201) ms``."""
        middle, low, high = (
            f"{value:,.{digits}f}" for value in (self.median, min(self.values), max(self.values))
        )
        return f"{middle} ({low}..{high}){f' {unit}' if unit else ''}"

    def over(self, other: "Rounds") -> "Rounds":
        """Round by round, this divided by ``other``: what disturbs a round disturbs both."""
        return Rounds.of(a / b for a, b in zip(self.values, other.values, strict=True))


@dataclass(frozen=True, slots=True)
class Cpu:
    """Seconds of CPU: of the server's processes, and of the backends of its database."""

    server: float
    database: float

    @property
    def total(self) -> float:
        """Both."""
        return self.server + self.database

    def since(self, before: "Cpu") -> "Cpu":
        """What was spent between two readings."""
        return Cpu(self.server - before.server, self.database - before.database)


def read_cpu(server_pid: int, database_dsn: str) -> Cpu:
    """What the server's processes and the backends of its database have spent until now.

    The database runs on this machine; its pool keeps its connections, so two readings see the
    same backends.
    """
    server = psutil.Process(server_pid)
    with psycopg.connect(database_dsn, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return Cpu(
        _spent([server, *server.children(recursive=True)]),
        _spent([psutil.Process(pid) for (pid,) in rows if psutil.pid_exists(pid)]),
    )


def _spent(processes: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(each.user + each.system for each in times)


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 95th, in milliseconds."""
    cuts = quantiles(seconds, n=20)
    return cuts[9] * 1000, cuts[18] * 1000


def peak_megabytes() -> float:
    """The most memory that this process has had, in MB.

    Not ``ru_maxrss``: that is inherited from the process that started this one.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) / 1024
