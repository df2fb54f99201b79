"""Where the time of a create goes, by package, in one process."""

import cProfile
import json
import pstats
from collections import Counter
from datetime import time, timedelta
from pathlib import Path

from benchmarks.network import Network
from benchmarks.servers import product_environment
from mutuali.app import create_app
from mutuali.config import read_settings
from mutuali.core.period import instant_at

_CREATES = 300
_PACKAGES = (
    "sqlalchemy",
    "psycopg",
    "flask_login",
    "flask_limiter",
    "flask_sqlalchemy",
    "flask_wtf",
    "flask_babel",
    "flask",
    "werkzeug",
    "marshmallow",
    "mutuali",
)


def where_time_goes(database_url: str, network: Network, folder: Path) -> None:
    """Print the share of each package in the time that creates take (profiling slows Python)."""
    app = create_app(read_settings(product_environment(database_url, folder)))
    client = app.test_client()
    headers = {"Authorization": f"Bearer {network.borrowers[0].token}"}

    def create(n: int) -> int:
        start = instant_at(network.free_from + timedelta(days=n // 10), time(7 + n % 10))
        body = {
            "listing": network.listings[n % len(network.listings)][0],
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=1)).isoformat(),
            "purpose": "food_delivery",
        }
        content = json.dumps(body)
        return client.post(
            "/api/v1/bookings", data=content, headers=headers, content_type="application/json"
        ).status_code

    for n in range(50):
        create(n)
    profiler = cProfile.Profile()
    profiler.enable()
    statuses = Counter(create(n) for n in range(50, 50 + _CREATES))
    profiler.disable()
    if set(statuses) != {201}:
        raise RuntimeError(f"creates answered {dict(statuses)}")
    shares: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        shares[_package(file, name)] += own
    whole = sum(shares.values())
    parts = ", ".join(
        f"{name} {share / whole:.0%}"
        for name, share in shares.most_common()
        if share / whole > 0.01
    )
    print(f"  where {whole / _CREATES * 1000:.1f} ms a create go (profiled): {parts}")
    with app.app_context():
        from mutuali.extensions import db

        db.engine.dispose()


def _package(file: str, name: str) -> str:
    if file == "~":
        return "waiting for the database" if "psycopg" in name or "wait" in name else "builtins"
    for package in _PACKAGES:
        if f"/{package}/" in file:
            return package
    return "the rest of Python"
