"""Everything that is handed over, in one file, in both languages, signed."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import IO, Any, TypeVar

from flask import current_app, render_template

from mutuali.agreements.rules import principles_of
from mutuali.config import Settings
from mutuali.consent.rules import Named
from mutuali.core.period import local
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.lineage import told_outside
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.views.shown import period_of, plain_restrictions, shown_export
from mutuali.web import wording
from mutuali.web.mail import address, in_language
from mutuali.web.network import network
from mutuali.web.programs import Program, source
from mutuali.web.signing import public_keys, sign
from mutuali.web.words import label

T = TypeVar("T")

_REPORTS = {"fr": "rapport.html", "en": "report.html"}


def page_of(export: service.ExportFacts) -> str:
    """The full address of the page of an export."""
    return address(f"/exportations/{export.public_id}")


def destroy_by(work: service.Work) -> date:
    """The last day on which a copy may still be kept.

    The agreement counts from the release; the file is signed before, so it counts from its making,
    and never goes past the end of the agreement.
    """
    agreement = work.export.agreement
    until = work.snapshot.now + timedelta(days=agreement.settings.keep_days)
    return local(min(until, agreement.ends_at - timedelta(microseconds=1))).date()


def write_bundle(work: service.Work, built: service.Built, out: IO[bytes]) -> dict[str, Any]:
    """Write the bundle; the report as it is kept: with what is inside, and until when.

    The same work and tables give the same bytes.
    """
    report = {**built.report, "destroy_by": destroy_by(work).isoformat()}
    pack = service.Pack(out)
    tables = [_both_files(pack, each) for each in built.tables]
    for name, data in built.companions.items():
        pack.add(name, data)
    files = dict(pack.sizes)
    for language in _REPORTS:
        with in_language(language):
            _add_for_readers(pack, work, report, language, list(files))
    with in_language("fr"):
        pack.add("datapackage.json", _description(work, report, tables))
    written = [service.Written(name, pack.sizes[name], pack.hashes[name]) for name in files]
    pack.add("dcat.jsonld", service.catalogue_entry(_catalogued(work, report, written)))
    pack.add("policy.odrl.jsonld", service.as_json(work.policy))
    told = {**told_outside(report), "destroy_by": _last_day(work, report)}
    pack.add("report.json", service.as_json({**_identity(work), **told}))
    pack.add("consents.json", service.as_json(_consents(work, report)))
    pack.add("consents.jsonld", _consent_records(work))
    pack.add("register.json", service.as_json(_register(work, report)))
    pack.add("expiry.json", service.as_json(_expiry(work, report)))
    pack.add("SHA256SUMS", service.checksums(pack.hashes))
    pack.add(service.MANIFEST, _signed_manifest(work, report, pack.hashes))
    pack.close()
    return {**report, "contents": sorted(pack.sizes)}


def _both_files(pack: service.Pack, built: service.BuiltTable) -> service.Described:
    csv, parquet = f"{built.table.name}.csv", f"{built.table.name}.parquet"
    pack.add(csv, built.data)
    with pack.entry(parquet, squeezed=False) as out:
        service.write_parquet(built.table, built.data, out)
    made = [service.Written(name, pack.sizes[name], pack.hashes[name]) for name in (csv, parquet)]
    return built.table, made[0], made[1]


def _add_for_readers(
    pack: service.Pack,
    work: service.Work,
    report: Mapping[str, Any],
    language: str,
    files: list[str],
) -> None:
    """What people read, in the language of now."""
    shown = shown_export(work.export, report)
    said = {
        "lang": language,
        "shown": shown,
        "export": work.export,
        "period": period_of(report),
        "restrictions": plain_restrictions(work.export),
        "files": files,
        "destroy_by": date.fromisoformat(report["destroy_by"]),
        "is_open": _is_open(work),
        "home": address(f"/jeux-de-donnees/{work.export.dataset.value}"),
        "page": page_of(work.export),
        "withdrawals": _withdrawals(work),
        "verifier": address("/transparence/verify_bundle.py"),
        "verifier_sha256": source(Program.VERIFY_BUNDLE).sha256,
        "keys": address("/transparence/journal.json"),
        "programs": address("/jeux-de-donnees/cinq-questions"),
    }
    pack.add(
        f"README.{language}.md",
        render_template(f"exports/bundle/README.{language}.md", **said).encode(),
    )
    pack.add(_REPORTS[language], render_template("exports/report.html", **said).encode())
    if not _is_open(work):  # its text names people, and binds nobody but its parties
        agreement = work.export.agreement
        text = agreement.text_fr if language == "fr" else agreement.text_en
        pack.add(f"agreement.{language}.txt", text.encode())


def _is_open(work: service.Work) -> bool:
    return work.export.regime is Regime.OPEN


def _in_both(say: Callable[[], T]) -> dict[str, T]:
    said = {}
    for language in ("fr", "en"):
        with in_language(language):
            said[language] = say()
    return said


def _description(
    work: service.Work, report: Mapping[str, Any], tables: list[service.Described]
) -> bytes:
    shown = shown_export(work.export, report)
    agreement = work.export.agreement
    return service.describe(
        tables,
        name=f"mutuali-{work.export.dataset.value}",
        title=shown.title,
        description=shown.answers,
        created=report["as_of"],
        licence={
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0",
            "path": service.OPEN_LICENCE,
        }
        if _is_open(work)
        else {
            "name": "LicenseRef-agreement",
            "title": f"{agreement.number} · {agreement.hash}",
            "path": "agreement.fr.txt",
        },
        sources=[{"title": agreement.operator_name, "path": address("/transparence")}],
        principles=principles_of([work.export.dataset]),
        say=label,
    )


def _catalogued(
    work: service.Work, report: Mapping[str, Any], files: list[service.Written]
) -> service.Catalogued:
    shown = _in_both(lambda: shown_export(work.export, report))
    agreement = work.export.agreement
    first, last = (datetime.fromisoformat(report[name]) for name in ("from", "until"))
    return service.Catalogued(
        address=page_of(work.export),
        identifier=work.export.public_id,
        title=(shown["fr"].title, shown["en"].title),
        description=(shown["fr"].answers, shown["en"].answers),
        publisher=agreement.operator_name,
        contact=network().operator_contact,
        licence=service.OPEN_LICENCE
        if _is_open(work)
        else address(f"/ententes/{agreement.public_id}"),
        policy=str(work.policy["@id"]),
        is_open=_is_open(work),
        made_at=report["as_of"],
        first=local(first).date(),
        last=local(last - timedelta(microseconds=1)).date(),
        method=report["plan_version"],
        notices=[address(f"/avis/{each.public_id}") for each in work.consents],
        files=files,
    )


def _identity(work: service.Work) -> dict[str, Any]:
    export = work.export
    return {
        "export": export.public_id,
        "dataset": export.dataset.value,
        "class": CATALOGUE[export.dataset].data_class.value,
        "purpose": export.purpose.value,
        "agreement": export.agreement.number,
        "agreement_sha256": export.agreement.hash,
    }


def _consents(work: service.Work, report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_identity(work),
        "as_of": report["as_of"],
        "coverage": report["coverage"],
        "texts": [
            {
                "notice": address(f"/avis/{each.public_id}"),
                "version": each.version,
                "sha256": each.sha256,
                "subject": each.subject.value,
                "lasts_months": each.lasts_months,
                "said_yes": _in_both(partial(wording.band, each.said_yes)),
            }
            for each in work.consents
        ],
    }


def _consent_records(work: service.Work) -> bytes:
    settings: Settings = current_app.config["SETTINGS"]
    agreement = work.export.agreement
    here = "Québec, Canada"
    return service.consent_records(
        work.consents,
        work.export.purpose,
        export=work.export.public_id,
        base_url=settings.base_url,
        operator=Named(
            settings.base_url, agreement.operator_name, here, network().operator_contact
        ),
        recipient=Named(
            f"{page_of(work.export)}#recipient",
            agreement.partner_name,
            "–" if agreement.outside_quebec else here,
            address(f"/ententes/{agreement.public_id}"),
        ),
        as_of=work.snapshot.now,
    )


def _register(work: service.Work, report: Mapping[str, Any]) -> dict[str, Any]:
    """What the register of anonymizations asks for (A-2.1, r. 0.1, s. 9), for this file."""
    declared = CATALOGUE[work.export.dataset]
    files = set(report["files"])
    return {
        **_identity(work),
        "description": _in_both(lambda: shown_export(work.export, report).answers),
        "columns": {
            table.name: list(table.column_names)
            for table in declared.tables
            if f"{table.name}.csv" in files
        },
        "purposes": _in_both(lambda: label("consent.purpose", work.export.purpose.value)),
        "techniques": _in_both(lambda: list(shown_export(work.export, report).done)),
        "measures": _in_both(lambda: plain_restrictions(work.export)),
        "settings": {"k": report["k"], "method": report["plan_version"]},
        "analysed_on": local(datetime.fromisoformat(report["as_of"])).date().isoformat(),
        "destroy_by": _last_day(work, report),
    }


def _expiry(work: service.Work, report: Mapping[str, Any]) -> dict[str, Any]:
    settings = work.export.agreement.settings
    return {
        **_identity(work),
        "made_at": report["as_of"],
        "destroy_by": _last_day(work, report),
        "withdrawals": _withdrawals(work),
        "on_withdrawal": settings.on_withdrawal.value,
        "days_to_act": settings.days_to_act,
    }


def _last_day(work: service.Work, report: Mapping[str, Any]) -> str | None:
    """The last day of a copy; what is open for all to keep has none."""
    return None if _is_open(work) else str(report["destroy_by"])


def _withdrawals(work: service.Work) -> str:
    return f"{page_of(work.export)}/retraits.json"


def _signed_manifest(
    work: service.Work, report: Mapping[str, Any], hashes: Mapping[str, str]
) -> bytes:
    said = {
        **_identity(work),
        # Whose copy this is: the id of an export is given to one recipient only.
        "mark": work.export.public_id,
        "made_at": report["as_of"],
        "destroy_by": _last_day(work, report),
    }
    content = service.manifest(said, hashes)
    signature = sign(service.signed_bytes(content))
    return service.as_json(
        {
            "signed": content,
            "key": signature.key_id,
            "public_key": b64encode(public_keys()[signature.key_id]).decode(),
            "signature": signature.value,
        }
    )
