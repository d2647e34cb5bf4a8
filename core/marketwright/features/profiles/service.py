"""Writing profiles: who they are, what they offer, what they claim, whether they are seen."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from marketwright.features.accounts.ports import Gate
from marketwright.features.accounts.rights import need
from marketwright.features.accounts.tables import Account
from marketwright.features.facets import filing, reshaping
from marketwright.features.facets import forms as own_fields
from marketwright.features.facets import service as facets
from marketwright.features.facets.forms import PREFIX
from marketwright.features.files import service as files
from marketwright.features.files.checks import Checked
from marketwright.features.profiles.events import CHANGED
from marketwright.features.profiles.parts import ABOUT, OFFER, about_parts, offer_parts, own_parts
from marketwright.features.profiles.tables import Profile
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import InvalidInput, Missing, NotAllowed, NotFound
from marketwright.kernel.late import Began, joined, mark
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field

OWNER = "profile"
REMOTE = ("remote", "hybrid", "onsite")


def create_profile(
    uow: UnitOfWork, *, account: str, headline: str = "", bio: str = "", language: str = "", city: str = "",
    country: str = "", remote: str = "hybrid", day_rate: int | None = None, currency: str = "",
    available_from: date | None = None, days_a_week: int | None = None, years: int | None = None,
    visible: bool = False, fields: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """Make the profile of a freelancer's account; returns its id, the account's. ``day_rate`` in minor units."""
    person = uow.session.get(Account, account)
    if person is None or not person.is_freelancer:
        raise NotFound("There is no such {freelancer}.")
    if remote not in REMOTE:
        raise InvalidInput({"remote": [say("Please choose one of the list.")]})
    profile = Profile(
        id=account, headline=headline, bio=bio, language=language or person.locale, city=city, country=country,
        remote=remote, day_rate=day_rate, currency=currency or uow.ports.get(Marketplace).currency,
        available_from=available_from, days_a_week=days_a_week, years=years, visible=visible, listed=False, fields={},
        claims=0, proved=0, documents=0, rating_sum=0, rating_count=0, asked=0, answered=0,
        available_said_at=uow.now if available_from else None, created_at=uow.now, updated_at=uow.now, version=1,
    )  # fmt: skip
    uow.session.add(profile)
    uow.flush()
    if fields:
        _set_fields(uow, profile, fields)
    _settle_listing(uow, profile)
    uow.emit(CHANGED, account)
    return account


def ensure_profile(uow: UnitOfWork, *, account: str) -> str:
    """The profile of ``account``, made empty when there is none yet."""
    if uow.session.get(Profile, account) is None:
        create_profile(uow, account=account)
    return account


def describe(
    uow: UnitOfWork, *, profile: str, headline: str, bio: str, language: str, city: str, country: str,
    years: int | None = None, fields: Mapping[str, Any] | None = None, began: Began | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Write who they are. ``fields`` are the niche's own values, checked; ``None`` leaves them.

    ``began`` is what the editor began with. Parts that only somebody else changed meanwhile stay and are returned;
    ``Overtaken`` names those that both changed.
    """
    row, declared = _own(uow, profile, lock=True), declared_fields(uow)
    given = (headline, bio, language, city, country, years)
    typed = dict(zip(ABOUT, given, strict=True)) | own_parts(declared if fields is not None else (), fields or {})
    stored = about_parts(row, declared)
    kept, taken = joined(typed, stored=stored, began=began)
    for name in ABOUT:
        setattr(row, name, kept[name])
    if fields is not None:
        own = {f.name: kept[PREFIX + f.name] for f in own_fields.typed(declared)}
        _set_fields(uow, row, {n: v for n, v in {**fields, **own}.items() if v is not None})
    _edited(uow, row, [n for n in typed if mark(kept[n]) != mark(stored[n])])
    return taken


def offer(
    uow: UnitOfWork, *, profile: str, day_rate: int | None, available_from: date | None, days_a_week: int | None,
    remote: str, began: Began | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Write what they ask and when they are free: ``day_rate`` in minor units of the profile's currency.

    ``began`` as for :func:`describe`.
    """
    row = _own(uow, profile, lock=True)
    if remote not in REMOTE:
        raise InvalidInput({"remote": [say("Please choose one of the list.")]})
    typed = dict(zip(OFFER, (day_rate, available_from, days_a_week, remote), strict=True))
    stored = offer_parts(row)
    kept, taken = joined(typed, stored=stored, began=began)
    for name, value in kept.items():
        setattr(row, name, value)
    row.available_said_at = uow.now
    _edited(uow, row, [n for n in kept if mark(kept[n]) != mark(stored[n])])
    return taken


def set_photo(uow: UnitOfWork, *, profile: str, photo: Checked) -> str:
    """Replace the photo by one that ``files.service.prepare`` let through; returns the file's id."""
    row = _own(uow, profile)
    if row.photo_file:
        files.remove(uow, file=row.photo_file)
    row.photo_file = files.keep(uow, checked=photo, purpose=files.PHOTO, owner_kind=OWNER, owner_id=profile)
    _changed(uow, row)
    return row.photo_file


def remove_photo(uow: UnitOfWork, *, profile: str) -> None:
    """Take the photo away; a drawing stands in."""
    row = _own(uow, profile)
    if row.photo_file:
        files.remove(uow, file=row.photo_file)
        row.photo_file = None
        _changed(uow, row)


def show(uow: UnitOfWork, *, profile: str) -> tuple[Missing, ...]:
    """Wish to be seen in the lists; returns what the gate ``appear`` still asks for (empty: they are listed now)."""
    row = _own(uow, profile)
    if not row.headline:
        raise InvalidInput({"headline": [say("Write a headline first: it is what people read in a list.")]})
    row.visible = True
    missing = _settle_listing(uow, row)
    _changed(uow, row)
    uow.audit("profile.shown", profile)
    return missing


def hide(uow: UnitOfWork, *, profile: str) -> None:
    """Leave the lists; running deals and conversations go on."""
    row = _own(uow, profile)
    row.visible = row.listed = False
    _changed(uow, row)
    uow.audit("profile.hidden", profile)


def refresh_listing(uow: UnitOfWork, *, profile: str) -> bool:
    """Ask the gate ``appear`` again (a verdict came or expired); returns whether they are listed now."""
    row = uow.session.get(Profile, profile)
    if row is None:
        return False
    before = row.listed
    _settle_listing(uow, row)
    if row.listed != before:
        row.version += 1
        uow.emit(CHANGED, profile)
        uow.audit("profile.listed" if row.listed else "profile.unlisted", profile)
    return row.listed


def refresh_listings(uow: UnitOfWork) -> int:
    """The same for everybody who wishes to be seen; returns how many are listed."""
    wishing = list(uow.session.scalars(select(Profile.id).where(Profile.visible)))
    return sum(refresh_listing(uow, profile=p) for p in wishing)


def set_proved(uow: UnitOfWork, *, profile: str, proved: int, documents: int = 0) -> None:
    """Write how many claims were compared with a source, and for how many a document was seen (vetting calls)."""
    _count(uow, profile, proved=proved, documents=documents)


def set_rating(uow: UnitOfWork, *, profile: str, stars: int, count: int) -> None:
    """Write the sum of the stars and the number of published reviews (reviews call)."""
    _count(uow, profile, rating_sum=stars, rating_count=count)


def set_answers(uow: UnitOfWork, *, profile: str, asked: int, answered: int, hours: int | None) -> None:
    """Write how many clients wrote first, how many had an answer, and the median hours it took (messaging calls)."""
    values = {"asked": asked, "answered": answered, "answer_hours": hours}
    uow.session.execute(update(Profile).where(Profile.id == profile).values(values))


def _count(uow: UnitOfWork, profile: str, **counts: int) -> None:
    values: dict[str, Any] = {**counts, "version": Profile.version + 1}
    uow.session.execute(
        update(Profile).where(Profile.id == profile).values(values).execution_options(synchronize_session="fetch")
    )
    uow.emit(CHANGED, profile)


def _own(uow: UnitOfWork, profile: str, *, lock: bool = False) -> Profile:
    row = uow.session.get(Profile, profile, with_for_update=lock or None)
    if row is None:
        raise NotFound("There is no such {profile}.")
    if uow.actor.is_person and uow.actor.id != profile and not uow.actor.staff & {"admin", "moderator"}:
        raise NotAllowed("Only its owner edits {profile.a}.")
    return row


def _edited(uow: UnitOfWork, row: Profile, changed: list[str]) -> None:
    _changed(uow, row)
    if changed:
        uow.audit("profile.edited", row.id, changed=changed)


def _changed(uow: UnitOfWork, row: Profile) -> None:
    row.updated_at = uow.now
    row.version += 1
    uow.flush()
    uow.emit(CHANGED, row.id)


def _settle_listing(uow: UnitOfWork, row: Profile) -> tuple[Missing, ...]:
    if not row.visible:
        row.listed = False
        return ()
    uow.flush()
    missing = uow.ports.get(Gate).missing(uow.session, "appear", "freelancer", row.id)
    row.listed = not missing
    uow.flush()
    return missing


def declared_fields(uow: UnitOfWork) -> list[Any]:
    """The niche's own fields of a profile."""
    return own_fields.of(uow.ports.get(Plugins), OWNER)


def _set_fields(uow: UnitOfWork, row: Profile, values: Mapping[str, Any]) -> None:
    fields = declared_fields(uow)
    row.fields = own_fields.check(fields, own_fields.with_files(fields, row.fields or {}, values))
    facets.rewrite(uow, owner_kind=OWNER, owner_id=row.id, fields=fields, values=row.fields)


def set_field_file(uow: UnitOfWork, *, profile: str, name: str, checked: Checked | None) -> None:
    """Put a file that ``files.service.prepare`` let through into a field of one's own; ``None`` takes it away."""
    row = _own(uow, profile)
    row.fields = filing.put(uow, fields=declared_fields(uow), stored=row.fields or {}, name=name, owner_kind=OWNER,
                            owner_id=profile, checked=checked)  # fmt: skip
    _changed(uow, row)


def set_fields_in_bulk(uow: UnitOfWork, values: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Write the niche's own fields of many profiles (imports)."""
    for profile, given in values:
        row = _own(uow, profile)
        _set_fields(uow, row, given)


def reshape_field(uow: UnitOfWork, *, before: Field, after: Field | None) -> int:
    """Bring the answers of all profiles to a changed or removed field; returns how many are lost."""
    need(uow.actor, "settings.change")
    return reshaping.reshape(uow, Profile, owner_kind=OWNER, before=before, after=after)
