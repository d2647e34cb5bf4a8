"""Freelancers with profiles and claims; client organisations with members; the staff."""

from datetime import timedelta

from marketwright.features.accounts.identity import record_identity
from marketwright.features.accounts.organisations import add_member, create_organisation
from marketwright.features.accounts.people import create_account
from marketwright.features.accounts.staff import join_staff
from marketwright.features.demo.personas import ADMIN, FINANCE, VETTER
from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.profiles.claiming import claim_in_bulk
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.service import create_profile
from marketwright.kernel.errors import InvalidInput
from marketwright.store.unit import UnitOfWork

LANGUAGE_LEVELS = {"native": 4, "fluent": 3, "working": 2, "basic": 1}
STAFF = (
    ("admin", "Maud Vandenbroucke", ("admin",), ADMIN),
    ("vetter", "Idris Benhaddou", ("vetter", "moderator"), VETTER),
    ("finance", "Solveig Aubertin", ("finance", "auditor"), FINANCE),
)
LIMIT = 2_500_000  # minor units: what a buyer may accept alone


def bring_staff(stage: Stage) -> None:
    """Three people of the staff, each a persona."""
    with stage.unit(stage.ago(days=400)) as uow:
        for key, name, roles, persona in STAFF:
            account = create_account(
                uow, email=f"{key}@staff.example.org", name=name, locale="fr", is_freelancer=False, persona=persona
            )
            join_staff(uow, account=account, roles=roles)
            stage.ids[f"staff:{key}"] = account


def bring_organisations(stage: Stage, source: Source) -> None:
    """Every client with its members and legal identity."""
    with stage.unit(stage.ago(days=300)) as uow:
        for given in source.organisations:
            members = [
                (m, create_account(uow, email=m["email"], name=m["name"], locale=_language(given), is_freelancer=False))
                for m in given["members"]
            ]
            owner = next((a for m, a in members if m["role"] == "owner"), members[0][1])
            organisation = create_organisation(
                uow, owner=owner, name=given["name"], sector=given["sector"], size=given["size"], city=given["city"],
                country=given["country"], public_name_en=given["public_name_en"],
                public_name_fr=given["public_name_fr"],
                about=given["about_fr"] if _language(given) == "fr" else given["about_en"],
            )  # fmt: skip
            for member, account in members:
                if member["role"] != "owner":
                    limit = LIMIT if member["role"] in ("buyer", "approver") else None
                    add_member(uow, organisation=organisation, account=account, roles=_roles(member),
                               approval_limit=limit)  # fmt: skip
            stage.ids[f"organisation:{given['key']}"] = organisation
            stage.ids[f"owner:{given['key']}"] = owner
            _identify(stage, uow, "organisation", organisation, given["legal"])


def _roles(member: Json) -> list[str]:
    return ["buyer", "approver"] if member["role"] == "buyer" else [str(member["role"])]


def _language(given: Json) -> str:
    return "fr" if given["country"] in ("FR", "BE", "LU", "CH", "MC") else "en"


def _identify(stage: Stage, uow: UnitOfWork, kind: str, owner: str, legal: Json) -> None:
    address = legal["address"]
    try:
        record_identity(
            uow, owner_kind=kind, owner_id=owner, name=legal["name"], form=legal["form"],
            registration_number=legal["registration_number"],
            vat_regime=legal.get("vat_regime") or ("standard" if legal.get("vat_number") else "none"),
            vat_number=legal.get("vat_number", ""), street=address["street"], postcode=address["postcode"],
            city=address["city"], country=address["country"],
            **_signatory(kind, legal),
        )  # fmt: skip
    except InvalidInput as error:
        stage.notes.append(f"{legal['name']}: {error.errors}")


def _signatory(kind: str, legal: Json) -> Json:
    if kind != "organisation":
        return {}
    return {"signatory_name": legal.get("signatory", ""), "signatory_title": _title(legal)}


def _title(legal: Json) -> str:
    return "Direction générale" if legal["address"]["country"] in ("FR", "BE", "LU", "CH") else "Managing director"


def bring_freelancers(stage: Stage, source: Source) -> None:
    """Every freelancer with profile and claims, some without a business yet."""
    drafts: dict[str, list[ClaimDraft]] = {}
    with stage.unit(stage.ago(days=200)) as uow:
        for given in source.people:
            account = create_account(
                uow, email=given["email"], name=given["name"], locale=given["language"], is_freelancer=True
            )
            create_profile(
                uow, account=account, headline=given["headline"], bio=given["bio"], language=given["language"],
                city=given["city"], country=given["country"], remote=given["remote"],
                day_rate=given["day_rate_minor"],
                available_from=(stage.now + timedelta(days=given["available_in_days"])).date(),
                days_a_week=given["days_a_week"], years=given["years"], visible=True, fields=given.get("fields"),
            )  # fmt: skip
            drafts[account] = list(claims_of(given))
            stage.ids[f"person:{given['key']}"] = account
            if given["business"]:
                _identify(stage, uow, "freelancer", account, given["business"])
        claim_in_bulk(uow, drafts)


def claims_of(given: Json) -> list[ClaimDraft]:
    """The claims of one person of the demo data."""
    skills = [ClaimDraft("skill", skill_id=s["skill"], level=s["level"], years=s["years"]) for s in given["skills"]]
    experience = [
        ClaimDraft("experience", label=e["title"], organisation=e["organisation"], from_month=e["from"],
                   to_month=e["to"] or "", summary=e["summary"])
        for e in given["experience"]
    ]  # fmt: skip
    certificates = [
        ClaimDraft("certificate", label=c["name"], issuer=c["issuer"], number=c["number"] or "", issued=c["issued"],
                   expires=c["expires"] or "")
        for c in given["certificates"]
    ]  # fmt: skip
    languages = [
        ClaimDraft("language", label=lang["code"], level=LANGUAGE_LEVELS[lang["level"]]) for lang in given["languages"]
    ]
    return [*skills, *experience, *certificates, *languages]
