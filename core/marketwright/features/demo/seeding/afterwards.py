"""What follows: reviews of finished deals, proofs of claims, the vetting queue, missions that end, personas."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts.passwords import hash_password
from marketwright.features.accounts.people import make_persona
from marketwright.features.demo.personas import FRESH, PLAYED, deal_keys, each_in_one
from marketwright.features.demo.seeding.people import STAFF
from marketwright.features.demo.seeding.source import Json, Source, suits
from marketwright.features.demo.seeding.stage import SEEDER, Stage
from marketwright.features.demo.seeding.talks import hiring_missions
from marketwright.features.files import service as files
from marketwright.features.missions import service as missions
from marketwright.features.pricing import vouchers
from marketwright.features.pricing.vouchers import NewVoucher
from marketwright.features.profiles.tables import Claim
from marketwright.features.reviews import service as reviews
from marketwright.features.subscriptions import service as subscriptions
from marketwright.features.subscriptions.tables import SubscriptionBill
from marketwright.features.vetting import proofs, running
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.subjects import subject
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.vetting import Claim as ClaimSeen
from marketwright.strategies.vetting import Result, Subject, SubjectKind, Verdict, VettingCheck

QUEUE = 14
PROVED = 0.66
DAYS_OF_READING = 16
PLACED = 30


def bring_codes(stage: Stage, _source: Source) -> None:
    """A code that a visitor may enter on an open proposal, as its client."""
    market = stage.house.marketplace
    welcome = NewVoucher("WELCOME", "client", market.currency, bps=100, quota=200, note="1 % off the first deal")
    with stage.unit(stage.ago(days=20)) as uow:
        vouchers.make(uow, welcome)


def bring_plans(stage: Stage, source: Source) -> None:
    """Some freelancers without a deal have paid for the plan that a labelled place is drawn from, where one is sold."""
    house = stage.house
    sold = {e.it.entitlement for e in house.plugins.placements} - {""}
    plan = next((p for p in house.marketplace.subscriptions.plans
                 if p.side == "freelancer" and sold & {e.name for e in p.entitlements}), None)  # fmt: skip
    busy = {freelancer for _target, _client, freelancer in stage.played}
    with_business = [stage.ids[f"person:{p['key']}"] for p in source.people if p["business"]]
    people = [one for one in with_business if one not in busy][: PLACED if plan else 0]
    for one in people:
        with stage.unit(by=one) as uow:
            row = subscriptions.subscribe(uow, owner_kind="freelancer", owner=one, plan=plan.name if plan else "")
        with stage.unit(by=stage.ids["staff:finance"]) as uow:
            bill = SubscriptionBill
            owed = select(bill.id).where(bill.subscription_id == row, bill.state == "open")
            for one_bill in uow.session.scalars(owed).all():
                subscriptions.mark_paid(uow, bill=one_bill)


def bring_reviews(stage: Stage, source: Source) -> None:
    """Both sides of most finished deals have written."""
    texts = source.texts["reviews"]
    for number, (contract, client, freelancer, days_ago, mission) in enumerate(stage.finished):
        for by, kind, due in ((client, "of_freelancer", 2.0), (freelancer, "of_client", 3.0)):
            if number % 5 == 4 and kind == "of_client":
                continue
            fitting = [t for t in texts[kind] if _suits(t, mission)]
            if not fitting:
                continue
            text = stage.random.choice(fitting)
            texts[kind].remove(text)
            try:
                with stage.unit(stage.ago(days=max(0.1, days_ago - due)), by=by) as uow:
                    reviews.write(uow, contract=contract, rating=text["rating"], text=text["text"])
            except MarketwrightError as error:
                stage.notes.append(f"review of {contract}: {error}")
    with stage.unit() as uow:
        reviews.show_due(uow)


def _suits(text: Json, mission: Json) -> bool:
    return bool(
        text["language"] == mission["language"]
        and text.get("organisation", mission["organisation"]) == mission["organisation"]
        and suits(text, mission)
    )


def bring_proofs(stage: Stage, source: Source) -> None:
    """Two certificates in three were compared with their issuer's register or read; some wait for a person of staff."""
    by = vetting.By(f"person:{stage.ids['staff:vetter']}", "Idris Benhaddou")
    people = [stage.ids[f"person:{p['key']}"] for p in source.people]
    with stage.house.database.reading() as session:
        claims = session.execute(
            select(Claim.id, Claim.profile_id, Claim.label, Claim.issuer, Claim.number)
            .where(Claim.kind == "certificate", Claim.profile_id.in_(people))
            .order_by(Claim.profile_id, Claim.position)
        ).all()
        if not claims:
            return
        able = [e for e in stage.house.plugins.vetting_checks.values() if _proves(e, session, claims[0][1])]
    if not able:
        return
    chosen = [c for c in claims if stage.random.random() < PROVED]
    for number in range(DAYS_OF_READING):
        at = stage.ago(days=(number + stage.random.random()) * 340 / DAYS_OF_READING)
        with stage.unit(at) as uow:
            for claim, profile, label, issuer, certificate in chosen[number::DAYS_OF_READING]:
                entry = stage.random.choice(able)
                verdict = Verdict(
                    Result.PASSED, compared=f"{label} {certificate}".strip(), source=issuer, claim=claim,
                    expires=at + timedelta(days=365), document=not _by_text(entry.it, claim),
                )  # fmt: skip
                vetting.record(uow, check=entry.it.name, kind="freelancer", owner=profile, verdict=verdict, by=by,
                               about=claim, tell=False)  # fmt: skip
    proved = {c[1] for c in chosen}
    with stage.unit() as uow:
        for profile in sorted(proved):
            proofs.refresh(uow, kind="freelancer", owner=profile)
    waiting = [c for c in claims if c[1] not in proved][:QUEUE]
    for position, row in enumerate(waiting):
        _hand_in(stage, able[position % len(able)], row)


def _proves(entry: Entry[VettingCheck], session: Session, freelancer: str) -> bool:
    """Whether a check is about one claim that the person chooses."""
    known = subject(session, "freelancer", freelancer)
    return entry.ask("applies", lambda c: c.applies(known)) and any(
        a.key == "claim" and a.form == "choice" for a in entry.ask("evidence", lambda c: c.evidence(known))
    )


def _by_text(check: VettingCheck, claim: str) -> bool:
    """Whether a check compares what was typed, and reads no file."""
    probe = Subject(SubjectKind.FREELANCER, claim, "", claims=(ClaimSeen(claim, "certificate", ""),))
    return all(a.form != "file" for a in check.evidence(probe))


def _hand_in(stage: Stage, entry: Entry[VettingCheck], row: Sequence[Any]) -> None:
    claim, profile, label, issuer, number = row
    with stage.house.database.reading() as session:
        known = subject(session, "freelancer", profile)
    page = f"{label}\n{issuer}\n{number}\n"
    handed = []
    for ask in entry.ask("evidence", lambda c: c.evidence(known)):
        if ask.form == "file":
            handed.append(vetting.Handed(ask, file=files.prepare(page.encode(), "certificate.txt", purpose="evidence")))
        elif ask.key == "claim":
            handed.append(vetting.Handed(ask, text=claim))
        elif ask.form == "text":
            handed.append(vetting.Handed(ask, text=number or "–"))
    try:
        with stage.unit(stage.ago(days=stage.random.uniform(0.05, 6)), by=profile) as uow:
            run = vetting.hand_in(
                uow, check=entry.it.name, kind="freelancer", owner=profile, about=claim, handed=handed
            )
        running.advance(stage.house, run)
    except MarketwrightError as error:
        stage.notes.append(f"evidence of {profile}: {error}")


def end_missions(stage: Stage, source: Source) -> None:
    """Missions that ended or rest get there, now that their deals were made."""
    found = hiring_missions(source)
    for given in source.missions:
        if given not in found and given["state"] not in ("paused", "closed"):
            continue
        mission, owner = stage.ids[f"mission:{given['key']}"], stage.ids[f"owner:{given['organisation']}"]
        with stage.unit(stage.ago(days=stage.published[given["key"]] / 3), by=owner) as uow:
            if given["state"] == "paused":
                missions.pause(uow, mission=mission)
            elif given in found:
                missions.fill(uow, mission=mission)
            else:
                french = given["language"] == "fr"
                reason = "Le budget a été reporté à l’an prochain." if french else "The budget moved to next year."
                missions.close(uow, mission=mission, reason=reason)


def choose_personas(stage: Stage, source: Source) -> None:
    """Who a demo visitor may act as: people in the middle of something, each in one deal."""
    chosen: dict[str, str] = {}
    pairs = {target: [(c, f) for played, c, f in stage.played if played == target] for target in PLAYED}
    for target, pair in each_in_one(pairs).items():
        chosen |= dict(zip(pair, deal_keys(target), strict=True))
    fresh = next((p for p in source.people if not p["business"]), None)
    if fresh:
        chosen[stage.ids[f"person:{fresh['key']}"]] = FRESH
    chosen |= {stage.ids[f"staff:{key}"]: persona for key, _name, _roles, persona in STAFF}
    hashed = hash_password(stage.password)
    with stage.house.database.unit(SEEDER) as uow:
        for account, persona in chosen.items():
            make_persona(uow, account=account, persona=persona, password_hash=hashed)
        uow.commit()

