"""Small files with the quirks of the real ones, made by the same seed every time."""

import gzip
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.imports.commands import write_csv

CITY = ("id", "name", "type", "civic", "street", "unit", "postal_code", "borough", "lat", "lon")
CATALOGUE = ("Title", "Location", "copies")
LOANS = ("Title", "Location", "Copies", "Loaned", "Returned", "Patron")
TRIPS = ("trip_id", "start_date", "end_date", "bike_id", "subscription_type", "zip_code")
_PLACES = ("IMC Equipment", "IMC Equipment 3 day", "PARC iPads")


def city_organizations(folder: Path) -> Path:
    """Twenty organizations like those of the city's list."""
    rows = [
        (n, f"Centre {n}", "Organisme communautaire et centre de loisirs", n, "rue A", "", "",
         "Le Plateau-Mont-Royal", 45.52 + n / 10_000, -73.58)
        for n in range(1, 21)
    ]  # fmt: skip
    return write_csv(folder / "organisations.csv", CITY, rows)


def reed_catalogue(folder: Path) -> Path:
    """Six titles, one of them at two locations, with trailing blanks and decimals."""
    titles = ["Cable ", "Cable ", "Camera", "Tablet", 'Screen, 4"', "Tripod"]
    rows = [(title, _PLACES[n % 3], f"{1 + n % 3}.0") for n, title in enumerate(titles)]
    return write_csv(folder / "catalogue.csv", CATALOGUE, rows)


def reed_loans(folder: Path) -> Path:
    """600 loans: equal rows, more out than there are copies, 2 reversed, 8 never returned."""
    dice = random.Random(7)
    titles = ["Cable ", "Cable ", "Camera", "Tablet", 'Screen, 4"', "Tripod"]
    rows = []
    for n in range(600):
        k = min(dice.randrange(6), dice.randrange(6))
        loaned = date(2018, 8, 2) + timedelta(days=dice.randrange(200))
        returned = str(loaned + timedelta(days=int(dice.expovariate(0.5))))
        if n in {100, 200}:
            returned = str(loaned - timedelta(days=3))
        elif n % 67 == 66 or n == 0:
            returned = ""
        rows.append((titles[k], _PLACES[k % 3], f"{1 + k % 3}.0", loaned, returned, "Alumni"))
    rows += rows[300:310]
    return write_csv(folder / "loans.csv", LOANS, rows)


def trips(folder: Path) -> Path:
    """2,000 trips of 20 bikes, compressed; one begins before the one before it has ended."""
    dice = random.Random(11)
    codes = ["94107", "94105", "94133-1234", "", "9411", "5551234567", "94103"]
    rows = []
    for bike in range(1, 21):
        free = datetime(2014, 3, 9, 1, 0) + timedelta(minutes=bike)  # noqa: DTZ001 - as in the file
        for n in range(100):
            start = free + timedelta(minutes=dice.randrange(120))
            end = start + timedelta(minutes=1 + int(dice.expovariate(1 / 12)))
            if (bike, n) == (7, 50):
                start = free - timedelta(minutes=1)
                end = start + timedelta(minutes=40)
            kind = dice.choice(("Subscriber", "Customer"))
            rows.append((bike * 1000 + n, start, end, bike, kind, dice.choice(codes)))
            free = end
    path = write_csv(folder / "trips.csv", TRIPS, rows)
    packed = path.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return packed
