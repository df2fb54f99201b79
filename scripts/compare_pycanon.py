"""Have pycanon judge a release of ours: the same k, diversity and class figures, or exit status 1.

Run ``python -m scripts.compare_pycanon`` with the Adult table in the folder that MUTUALI_REAL_DATA
names. Its recursive (c,l) is left out: pycanon 1.3.5 sorts the counts the other way round, so that
its c is not the one of the paper. It asks for older libraries than ours, so it is installed into a
virtual environment of its own, in a temporary folder that is gone afterwards.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

import pyarrow as pa

from mutuali.privacy.engine import deidentify
from mutuali.privacy.measures.tables import measure_before_and_after
from mutuali.privacy.plan import (
    BetaLikeness,
    Closeness,
    Column,
    DeltaDisclosure,
    Diversity,
    EntropyDiversity,
    KAnonymity,
    Plan,
    Role,
)
from mutuali.privacy.text import to_csv
from tests.privacy import adult

QUASI = (
    "sex",
    "age",
    "race",
    "marital-status",
    "education",
    "native-country",
    "workclass",
    "salary-class",
)
SENSITIVE = "occupation"

#: What runs in the other environment: files and columns in, figures as JSON out.
THEIRS = """
import json, sys
import pandas as pd
from pycanon import anonymity, metrics

raw, released, whole, quasi, sensitive = json.loads(sys.argv[1])
raw, out, whole = (
    pd.read_csv(path, dtype=str, keep_default_na=False) for path in (raw, released, whole)
)
alpha, k = anonymity.alpha_k_anonymity(out, quasi, [sensitive])
sizes = metrics.sizes_ec(out, quasi)
figures = {
    "k": anonymity.k_anonymity(out, quasi),
    "k of (alpha, k)": k,
    "alpha of (alpha, k)": alpha,
    "distinct l": anonymity.l_diversity(out, quasi, [sensitive]),
    "C_avg": metrics.average_ecsize(raw, out, quasi),
    "discernibility": metrics.discernability_metric(raw, out, quasi),
    "highest risk": metrics.max_rir(out, quasi),
    "average risk": metrics.average_rir(out, quasi),
    "classes": sizes["n_ec"],
    "smallest class": sizes["min_ec"],
    "largest class": sizes["max_ec"],
    "mean class": sizes["mean_ec"],
    "median class": sizes["median_ec"],
    "entropy of all": metrics.sa_entropy(whole, sensitive),
    "entropy l": anonymity.entropy_l_diversity(whole, quasi, [sensitive]),
    "t": anonymity.t_closeness(whole, quasi, [sensitive]),
    "delta": anonymity.delta_disclosure(whole, quasi, [sensitive]),
    "beta": anonymity.basic_beta_likeness(whole, quasi, [sensitive]),
    "enhanced beta": anonymity.enhanced_beta_likeness(whole, quasi, [sensitive]),
}
print(json.dumps({name: float(figure) for name, figure in figures.items()}))
"""


def main() -> int:
    """Print each figure as both have it; 1 when two differ."""
    if "MUTUALI_REAL_DATA" not in os.environ:
        print("MUTUALI_REAL_DATA is unset: there is no Adult table to release")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        ours = _release(Path(folder))
        theirs = _judged(Path(folder))
    differing = 0
    for name, figure in theirs.items():
        same = abs(figure - ours[name]) <= 1e-6 * max(abs(figure), 1)
        differing += not same
        verdict = "same" if same else "DIFFERENT"
        print(f"{name:20} ours {ours[name]:<16.12g} pycanon {figure:<16.12g} {verdict}")
    return 1 if differing else 0


def _release(folder: Path) -> dict[str, float]:
    """Write the raw table and two releases into the folder; our figures of the releases."""
    table = adult.adult()
    columns = (*adult.quasi_identifiers(QUASI), Column(SENSITIVE, Role.SENSITIVE))
    models = (KAnonymity(5), Diversity(SENSITIVE, distinct=3, most=0.8))
    plan = Plan("adult", columns, models, suppression_limit=0.05)
    release = deidentify(table, plan)
    (folder / "raw.csv").write_bytes(to_csv(table.select(release.table.column_names)))
    (folder / "released.csv").write_bytes(to_csv(release.table))
    measured = measure_before_and_after(table, release.table, release.witness, plan)
    sizes = measured.after.sizes[0]
    k = float(sizes.minimum)
    return _of_everybody(table, columns, folder) | {
        "k": k,
        "k of (alpha, k)": k,
        "alpha of (alpha, k)": measured.after.inference[0].highest,
        "distinct l": float(release.report.diversity[0].minimum_distinct),
        # The k of pycanon's C_avg is the one found, not the one asked for.
        "C_avg": measured.quality.average_class_size / k,
        "discernibility": float(measured.quality.discernibility),
        "highest risk": measured.after.linkage[0].prosecutor.highest,
        # pycanon averages over classes; our prosecutor over rows.
        "average risk": sum(n / size for size, n in sizes.by_size) / sizes.classes,
        "classes": float(sizes.classes),
        "smallest class": float(sizes.minimum),
        "largest class": float(max(size for size, _ in sizes.by_size)),
        "mean class": release.table.num_rows / sizes.classes,
        "median class": sizes.median,
    }


def _of_everybody(table: pa.Table, columns: tuple[Column, ...], folder: Path) -> dict[str, float]:
    """Our figures of a release that leaves nobody out: pycanon takes it for the whole table."""
    models = (
        KAnonymity(5),
        EntropyDiversity(SENSITIVE, 1),
        Closeness(SENSITIVE, 0.99),
        DeltaDisclosure(SENSITIVE, 99),
        BetaLikeness(SENSITIVE, 9999),
    )
    release = deidentify(table, Plan("adult", columns, models))
    (folder / "whole.csv").write_bytes(to_csv(release.table))
    found = {model.name: model.figure for model in release.report.models}
    counts = Counter(table.column(SENSITIVE).to_pylist())
    shares = [count / table.num_rows for count in counts.values()]
    return {
        "entropy of all": -sum(share * math.log(share) for share in shares),
        # pycanon rounds down, and takes natural logarithms.
        "entropy l": float(math.floor(found["entropy-diversity"])),
        "t": found["t-closeness"],
        "delta": found["delta-disclosure"] * math.log(2),
        "beta": found["beta-likeness"],
        # pycanon's is the bound that the rarest value would have, not the paper's.
        "enhanced beta": min(found["beta-likeness"], -math.log(min(shares))),
    }


def _judged(folder: Path) -> dict[str, float]:
    """The figures of pycanon on the two files of the folder."""
    home = folder / "venv"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    subprocess.run(  # noqa: S603 - the interpreter was just made
        [python, "-m", "pip", "install", "--quiet", "pycanon"], check=True
    )
    files = [str(folder / f"{name}.csv") for name in ("raw", "released", "whole")]
    ran = subprocess.run(  # noqa: S603 - the interpreter was just made
        [python, "-c", THEIRS, json.dumps([*files, list(QUASI), SENSITIVE])],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


if __name__ == "__main__":
    sys.exit(main())
