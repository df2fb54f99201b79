"""Every route x every role: the table says who gets through the door, the sweep tries each."""

import re
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session

from mutuali.core.permissions import NETWORK_ROLES, Actor, Role
from tests.factories import World

#: What each kind of door lets in; everybody else who is signed in meets 403.
OPENS = {
    "public": {
        *("visitor", "person", "member", "manager", "coordinator"),
        *("steward", "analyst", "administrator", "reviewer"),
    },
    "signed_in": {
        *("person", "member", "manager", "coordinator", "steward", "analyst", "administrator"),
        "reviewer",
    },
    "availability.read": {"member", "manager", "coordinator"},
    "booking.read": {"member", "manager", "coordinator"},
    "booking.request": {"member", "manager", "coordinator"},
    "listing.edit": {"member", "manager"},
    "organization.read": {"member", "manager", "coordinator", "administrator"},
    "organization.edit": {"manager"},
    "organization.accept": {"coordinator", "administrator"},
    "member.invite": {"manager"},
    "delegation.give": {"manager"},
    "participation.accept": {"manager"},
    "office.name": {"administrator"},
    "register.keep": {"steward"},
    "agreement.draft": {"steward"},
    "audit.read": {"steward", "administrator"},
    "export.read": {"steward", "analyst"},
    "export.request": {"analyst"},
    "export.decide": {"steward"},
    "export.review": {"steward", "reviewer"},
    "export.download": {"analyst"},
    "assessment.write": {"steward"},
    "consent.read": {"member", "manager"},
    "consent.answer": {"manager"},
    "consent.own": {"member", "manager", "coordinator"},
    "call.answer": {"coordinator", "steward"},
    "notice.publish": {"steward"},
}

#: Every address and its door; a new one takes its line here.
ROUTES = {
    ("GET", "/"): "public",
    ("GET", "/.well-known/mutuali-keys.json"): "public",
    ("GET", "/verifier"): "public",
    ("POST", "/verifier"): "public",
    ("GET", "/a-faire"): "signed_in",
    ("GET", "/aide"): "public",
    ("GET", "/annonces/<public_id>"): "public",
    ("POST", "/annonces/<public_id>/demander"): "booking.request",
    ("POST", "/annonces/<public_id>/etat"): "listing.edit",
    ("GET", "/annonces/<public_id>/indisponibilites"): "listing.edit",
    ("POST", "/annonces/<public_id>/indisponibilites"): "listing.edit",
    ("GET", "/annonces/<public_id>/modifier"): "listing.edit",
    ("POST", "/annonces/<public_id>/modifier"): "listing.edit",
    ("POST", "/annonces/<public_id>/photos"): "listing.edit",
    ("POST", "/annonces/indisponibilites/<int:closure_id>/retirer"): "listing.edit",
    ("GET", "/api"): "public",
    ("GET", "/api/openapi.json"): "public",
    ("GET", "/api/v1/agreements"): "signed_in",
    ("GET", "/api/v1/agreements/<agreement_id>"): "signed_in",
    ("POST", "/api/v1/agreements/<agreement_id>/accept"): "signed_in",
    ("POST", "/api/v1/bookings"): "booking.request",
    ("GET", "/api/v1/bookings"): "booking.read",
    ("GET", "/api/v1/bookings/<booking_id>"): "booking.read",
    ("POST", "/api/v1/bookings/<booking_id>/approve"): "booking.read",
    ("POST", "/api/v1/bookings/<booking_id>/cancel"): "booking.read",
    ("POST", "/api/v1/bookings/<booking_id>/close"): "booking.read",
    ("POST", "/api/v1/bookings/<booking_id>/decline"): "booking.read",
    ("POST", "/api/v1/bookings/<booking_id>/hand-over"): "booking.read",
    ("POST", "/api/v1/bookings/<booking_id>/take-back"): "booking.read",
    ("GET", "/api/v1/calendar"): "availability.read",
    ("GET", "/api/v1/consents"): "consent.read",
    ("GET", "/api/v1/my-consents"): "consent.own",
    ("POST", "/api/v1/my-consents"): "consent.own",
    ("POST", "/api/v1/consents"): "consent.answer",
    ("GET", "/api/v1/listings"): "public",
    ("GET", "/api/v1/listings/<listing_id>"): "public",
    ("GET", "/api/v1/datasets"): "public",
    ("GET", "/api/v1/exports"): "export.read",
    ("POST", "/api/v1/exports"): "export.request",
    ("GET", "/api/v1/exports/<export_id>"): "export.read",
    ("GET", "/api/v1/exports/<export_id>/bundle"): "export.download",
    ("POST", "/api/v1/exports/<export_id>/decline"): "export.decide",
    ("POST", "/api/v1/exports/<export_id>/prepare"): "export.decide",
    ("POST", "/api/v1/exports/<export_id>/return"): "export.review",
    ("POST", "/api/v1/exports/<export_id>/sign"): "export.review",
    ("PUT", "/api/v1/exports/<export_id>/answers"): "export.request",
    ("GET", "/api/v1/assessments"): "assessment.write",
    ("POST", "/api/v1/assessments"): "assessment.write",
    ("GET", "/api/v1/assessments/<assessment_id>"): "assessment.write",
    ("POST", "/api/v1/assessments/<assessment_id>/opinion"): "assessment.write",
    ("GET", "/examens"): "export.review",
    ("GET", "/registre"): "public",
    ("GET", "/registre.csv"): "public",
    ("GET", "/registre.json"): "public",
    ("GET", "/api/v1/releases"): "public",
    ("POST", "/api/v1/exports/<export_id>/repeat"): "export.request",
    ("POST", "/exportations/<public_id>/refaire"): "export.request",
    ("GET", "/intendance/evaluations"): "assessment.write",
    ("GET", "/intendance/evaluations/nouvelle"): "assessment.write",
    ("POST", "/intendance/evaluations/nouvelle"): "assessment.write",
    ("GET", "/intendance/evaluations/<public_id>"): "assessment.write",
    ("POST", "/intendance/evaluations/<public_id>/avis"): "assessment.write",
    ("GET", "/exportations/<public_id>/examen"): "export.review",
    ("GET", "/exportations/<public_id>/reponses"): "export.request",
    ("POST", "/exportations/<public_id>/reponses"): "export.request",
    ("GET", "/api/v1/notices"): "public",
    ("GET", "/api/v1/notices/<notice_id>"): "public",
    ("GET", "/avis/<public_id>"): "public",
    ("GET", "/avis/<public_id>/texte"): "public",
    ("GET", "/calendrier"): "availability.read",
    ("GET", "/api/v1/holdings"): "public",
    ("GET", "/api/v1/inbox"): "booking.read",
    ("GET", "/api/v1/me"): "signed_in",
    ("GET", "/api/v1/offices"): "public",
    ("GET", "/api/v1/listings/<listing_id>/closures"): "listing.edit",
    ("POST", "/api/v1/listings/<listing_id>/closures"): "listing.edit",
    ("POST", "/api/v1/listings/<listing_id>/photos"): "listing.edit",
    ("POST", "/api/v1/listings/<listing_id>/publish"): "listing.edit",
    ("GET", "/api/v1/listings/<listing_id>/terms"): "listing.edit",
    ("PATCH", "/api/v1/listings/<listing_id>/terms"): "listing.edit",
    ("GET", "/api/v1/listings/<listing_id>/week"): "availability.read",
    ("POST", "/api/v1/listings/<listing_id>/withdraw"): "listing.edit",
    ("DELETE", "/api/v1/closures/<int(max=2147483647):closure_id>"): "listing.edit",
    ("DELETE", "/api/v1/delegations/<int(max=2147483647):delegation_id>"): "delegation.give",
    ("DELETE", "/api/v1/photos/<photo_id>"): "listing.edit",
    ("GET", "/api/v1/organizations"): "organization.read",
    ("GET", "/api/v1/organizations/<organization_id>"): "organization.read",
    ("PATCH", "/api/v1/organizations/<organization_id>"): "organization.edit",
    ("POST", "/api/v1/organizations/<organization_id>/accept"): "organization.accept",
    ("GET", "/api/v1/organizations/<organization_id>/delegations"): "organization.read",
    ("POST", "/api/v1/organizations/<organization_id>/delegations"): "delegation.give",
    ("GET", "/api/v1/organizations/<organization_id>/invitations"): "organization.read",
    ("POST", "/api/v1/organizations/<organization_id>/invitations"): "member.invite",
    ("GET", "/api/v1/organizations/<organization_id>/listings"): "listing.edit",
    ("POST", "/api/v1/organizations/<organization_id>/listings"): "listing.edit",
    ("GET", "/api/v1/organizations/<organization_id>/members"): "organization.read",
    (
        "DELETE",
        "/api/v1/organizations/<organization_id>/members/<person_id>",
    ): "organization.read",
    ("POST", "/api/v1/organizations/<organization_id>/sole-operator"): "organization.read",
    ("POST", "/api/v1/organizations/<organization_id>/refuse"): "organization.accept",
    ("GET", "/api/v1/organizations/<organization_id>/participation"): "organization.read",
    ("GET", "/api/v1/organizations/<organization_id>/sites"): "organization.read",
    ("POST", "/api/v1/organizations/<organization_id>/sites"): "organization.edit",
    ("GET", "/compte"): "signed_in",
    ("GET", "/compte/deuxieme-etape/<int:factor_id>/retirer"): "signed_in",
    ("POST", "/compte/deuxieme-etape/<int:factor_id>/retirer"): "signed_in",
    ("POST", "/compte/deuxieme-etape/<int:factor_id>/retirer/defi"): "signed_in",
    ("GET", "/compte/deuxieme-etape/application"): "signed_in",
    ("POST", "/compte/deuxieme-etape/application"): "signed_in",
    ("GET", "/compte/deuxieme-etape/cle"): "signed_in",
    ("POST", "/compte/deuxieme-etape/cle"): "signed_in",
    ("POST", "/compte/deuxieme-etape/cle/defi"): "signed_in",
    ("GET", "/compte/deuxieme-etape/codes"): "signed_in",
    ("POST", "/compte/deuxieme-etape/codes"): "signed_in",
    ("GET", "/compte/consentements"): "signed_in",
    ("GET", "/compte/consentements/<public_id>"): "signed_in",
    ("POST", "/compte/consentements/<public_id>/appel"): "signed_in",
    ("GET", "/compte/consentements/<public_id>/recus/<int:number>"): "signed_in",
    ("GET", "/compte/consentements/<public_id>/recus/<int:number>/fichier"): "signed_in",
    ("POST", "/compte/consentements/<public_id>"): "signed_in",
    ("POST", "/compte/consentements/<public_id>/retirer"): "signed_in",
    ("POST", "/compte/jetons"): "signed_in",
    ("POST", "/compte/jetons/<int:token_id>/revoquer"): "signed_in",
    ("POST", "/compte/langue"): "signed_in",
    ("GET", "/compte/mes-donnees"): "signed_in",
    ("POST", "/compte/mes-donnees"): "signed_in",
    ("GET", "/compte/mes-donnees.json"): "signed_in",
    ("GET", "/compte/mes-donnees.zip"): "signed_in",
    ("GET", "/confidentialite"): "public",
    ("GET", "/confirmer/<token>"): "public",
    ("POST", "/confirmer/<token>"): "public",
    ("GET", "/connexion"): "public",
    ("POST", "/connexion"): "public",
    ("GET", "/connexion/etape"): "public",
    ("POST", "/connexion/etape"): "public",
    ("POST", "/connexion/etape/cle"): "public",
    ("POST", "/connexion/etape/renoncer"): "public",
    ("GET", "/coordination/adhesions"): "organization.accept",
    (
        "POST",
        "/coordination/adhesions/<public_id>/<any(accepter, refuser):answer>",
    ): "organization.accept",
    ("POST", "/deconnexion"): "signed_in",
    ("POST", "/deconnexion/partout"): "signed_in",
    ("GET", "/ententes"): "signed_in",
    ("GET", "/ententes/<public_id>"): "signed_in",
    ("POST", "/ententes/<public_id>/accepter"): "signed_in",
    ("GET", "/ententes/<public_id>/modifier"): "agreement.draft",
    ("POST", "/ententes/<public_id>/modifier"): "agreement.draft",
    ("POST", "/ententes/<public_id>/proposer"): "agreement.draft",
    ("POST", "/ententes/<public_id>/renvoyer"): "agreement.draft",
    ("POST", "/ententes/<public_id>/terminer"): "signed_in",
    ("GET", "/ententes/<public_id>/texte"): "signed_in",
    ("GET", "/ententes/nouvelle"): "agreement.draft",
    ("POST", "/ententes/nouvelle"): "agreement.draft",
    ("GET", "/exportations"): "export.read",
    ("GET", "/exportations/<public_id>"): "export.read",
    ("POST", "/exportations/<public_id>/preparer"): "export.decide",
    ("POST", "/exportations/<public_id>/refuser"): "export.decide",
    ("POST", "/exportations/<public_id>/retourner"): "export.review",
    ("POST", "/exportations/<public_id>/signer"): "export.review",
    ("GET", "/exportations/<public_id>/retraits.json"): "public",
    ("GET", "/exportations/<public_id>/telecharger"): "export.download",
    ("GET", "/exportations/nouvelle"): "export.request",
    ("POST", "/exportations/nouvelle"): "export.request",
    ("GET", "/inscription"): "public",
    ("POST", "/inscription"): "public",
    ("GET", "/inscription/merci"): "public",
    ("GET", "/intendance/appels"): "call.answer",
    ("POST", "/intendance/appels/<public_id>/fermer"): "call.answer",
    ("GET", "/intendance/avis"): "notice.publish",
    ("POST", "/intendance/avis/verifier"): "notice.publish",
    ("GET", "/intendance/avis/nouveau"): "notice.publish",
    ("POST", "/intendance/avis/nouveau"): "notice.publish",
    ("GET", "/intendance/registres"): "register.keep",
    ("GET", "/intendance/registres/anonymisation"): "register.keep",
    ("GET", "/intendance/registres/anonymisation.csv"): "register.keep",
    ("GET", "/intendance/registres/communications"): "register.keep",
    ("GET", "/intendance/registres/communications.csv"): "register.keep",
    ("GET", "/intendance/registres/conservation"): "register.keep",
    ("POST", "/intendance/registres/conservation"): "register.keep",
    ("GET", "/intendance/registres/conservation/<public_id>.json"): "register.keep",
    ("GET", "/intendance/registres/demandes"): "register.keep",
    ("POST", "/intendance/registres/demandes"): "register.keep",
    ("GET", "/intendance/registres/demandes/<public_id>"): "register.keep",
    ("POST", "/intendance/registres/demandes/<public_id>"): "register.keep",
    ("GET", "/intendance/registres/incidents"): "register.keep",
    ("POST", "/intendance/registres/incidents"): "register.keep",
    ("GET", "/intendance/registres/incidents/<public_id>"): "register.keep",
    ("POST", "/intendance/registres/incidents/<public_id>"): "register.keep",
    ("POST", "/intendance/registres/incidents/<public_id>/avis"): "register.keep",
    ("GET", "/intendance/responsables"): "office.name",
    ("POST", "/intendance/responsables"): "office.name",
    (
        "POST",
        "/intendance/responsables/<any(person_in_charge, substitute, qualified_person):office>/fin",
    ): "office.name",
    ("GET", "/invitation/<token>"): "signed_in",
    ("POST", "/invitation/<token>"): "signed_in",
    ("GET", "/jeux-de-donnees"): "public",
    ("GET", "/jeux-de-donnees/<name>"): "public",
    ("GET", "/mot-de-passe"): "public",
    ("POST", "/mot-de-passe"): "public",
    ("GET", "/mot-de-passe/<token>"): "public",
    ("POST", "/mot-de-passe/<token>"): "public",
    ("GET", "/organisme"): "signed_in",
    ("GET", "/organisme/annonces"): "listing.edit",
    ("GET", "/organisme/annonces/nouvelle"): "listing.edit",
    ("POST", "/organisme/annonces/nouvelle"): "listing.edit",
    ("POST", "/organisme/choisir"): "signed_in",
    ("GET", "/organisme/consentements"): "consent.read",
    ("GET", "/organisme/consentements/<public_id>"): "consent.read",
    ("POST", "/organisme/consentements/<public_id>/appel"): "consent.read",
    ("GET", "/organisme/consentements/<public_id>/recus/<int:number>"): "consent.read",
    ("GET", "/organisme/consentements/<public_id>/recus/<int:number>/fichier"): "consent.read",
    ("POST", "/organisme/consentements/<public_id>"): "consent.answer",
    ("POST", "/organisme/consentements/<public_id>/retirer"): "consent.answer",
    ("POST", "/organisme/delegations"): "delegation.give",
    ("POST", "/organisme/delegations/<int:delegation_id>/terminer"): "delegation.give",
    ("GET", "/organisme/demande"): "signed_in",
    ("POST", "/organisme/demande"): "signed_in",
    ("POST", "/organisme/invitations"): "member.invite",
    ("GET", "/organisme/lieux/nouveau"): "organization.edit",
    ("POST", "/organisme/lieux/nouveau"): "organization.edit",
    ("POST", "/organisme/membres/<public_id>/retirer"): "organization.read",
    ("GET", "/organisme/modifier"): "organization.edit",
    ("POST", "/organisme/modifier"): "organization.edit",
    ("GET", "/organisme/conseil"): "organization.read",
    ("GET", "/organisme/nos-donnees.json"): "participation.accept",
    ("GET", "/organisme/nos-donnees.zip"): "participation.accept",
    ("GET", "/organisme/quitter"): "participation.accept",
    ("POST", "/organisme/quitter"): "participation.accept",
    ("POST", "/organisme/personne-seule"): "organization.edit",
    ("GET", "/organisme/participation"): "organization.read",
    ("POST", "/organisme/participation"): "participation.accept",
    ("POST", "/organisme/participation/qualite"): "participation.accept",
    ("GET", "/organisme/participation/texte"): "organization.read",
    ("GET", "/photos/<photo_id>-<any(grande, petite):size>.webp"): "public",
    ("POST", "/photos/<photo_id>/retirer"): "listing.edit",
    ("GET", "/reservations"): "booking.read",
    ("GET", "/reservations/<public_id>"): "booking.read",
    ("POST", "/reservations/<public_id>/accepter"): "booking.read",
    ("POST", "/reservations/<public_id>/annuler"): "booking.read",
    ("GET", "/reservations/<public_id>/prise-en-charge"): "booking.read",
    ("POST", "/reservations/<public_id>/prise-en-charge"): "booking.read",
    ("POST", "/reservations/<public_id>/refuser"): "booking.read",
    ("GET", "/reservations/<public_id>/retour"): "booking.read",
    ("POST", "/reservations/<public_id>/retour"): "booking.read",
    ("POST", "/reservations/<public_id>/terminer"): "booking.read",
    ("GET", "/static/<digest>/<path:name>"): "public",
    ("GET", "/transparence"): "public",
    ("GET", "/transparence/chaine.jsonl"): "public",
    ("GET", "/transparence/journal.atom"): "public",
    ("GET", "/transparence/journal.json"): "public",
    ("GET", "/transparence/<any(verify_log, verify_bundle):name>.py"): "public",
    ("GET", "/intendance/journal.jsonl"): "audit.read",
    ("GET", "/transparence/ce-que-nous-gardons"): "public",
    ("GET", "/transparence/ce-que-nous-gardons.csv"): "public",
}

#: Views that are about the organization one acts for.
OWN_ONLY = {
    ("POST", "/organisme/membres/<public_id>/retirer"),
    ("GET", "/organisme/participation"),
    ("GET", "/organisme/participation/texte"),
    ("GET", "/organisme/conseil"),
}

ROLES = OPENS["public"]


def test_the_table_names_every_route_with_its_door(app: Flask) -> None:
    declared = {
        (method, rule.rule): getattr(app.view_functions[rule.endpoint], "door", None)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert declared == ROUTES


def _actors(world: World) -> dict[str, Actor | None]:
    organization_id = world.organization()[0]
    return {
        "visitor": None,
        "person": world.person(),
        "member": world.member(organization_id, Role.MEMBER),
        "manager": world.member(organization_id, Role.MANAGER),
        **{role.value: world.person(role=role) for role in sorted(NETWORK_ROLES)},
    }


def test_every_role_meets_at_every_route_what_the_table_says(app: Flask, session: Session) -> None:
    actors = _actors(World(session, datetime.now(UTC)))
    session.commit()
    assert set(actors) == ROLES
    wrong = []
    for (method, rule), audience in ROUTES.items():
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
        path = re.sub(r"<int[^>]*>", "999999", path)
        path = re.sub(r"<[^>]*>", "personne", path)
        for role, actor in actors.items():
            client = app.test_client()
            headers = {}
            api = path.startswith("/api/")
            if actor is not None and api:
                if role == "person":
                    continue  # holds no permission that a token could carry
                headers["Authorization"] = f"Bearer {World(session).api_token(actor)}"
            elif actor is not None:
                World(session).sign_in(client, actor)
            status = client.open(
                path, method=method, headers=headers, json={} if api else None
            ).status_code
            through = status not in {401, 403} and status < 500
            if actor is None and audience != "public":
                through = not (status == 401 or (status == 303 and not api))
            if (method, rule) in OWN_ONLY and role in {"coordinator", "administrator"}:
                through = status == 403  # the door opens, but they act for no organization
            if through != (role in OPENS[audience]):
                wrong.append((method, rule, role, status))
    assert wrong == []
