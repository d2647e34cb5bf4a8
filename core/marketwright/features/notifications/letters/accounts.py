"""Letters about accounts, invitations, and the staff's decisions on people."""

from dataclasses import replace

from marketwright.features.accounts import events as e
from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts import tokens
from marketwright.features.notifications.letters.kit import Letter, Reader, Told, person
from marketwright.features.payments.events import DESTINATION_CHANGED
from marketwright.kernel.text import Text, say


def _one(told: Told, subject: Text, *paragraphs: Text, action: Text | None = None, path: str = "",
         notice: bool = False) -> list[Letter]:  # fmt: skip
    reader = person(told.session, told.event.subject, suspended=True)
    if reader is None:
        return []
    return [Letter(reader, subject, paragraphs, action, path, notice=notice)]


def _confirm(told: Told) -> list[Letter]:
    token = tokens.confirm_token(told.session, told.event.subject, told.marketplace.secret_key)
    if not token:
        return []
    return _one(
        told, say("Confirm your address for %(site)s", site=told.marketplace.name),
        say("Welcome to %(site)s. One click confirms that this address is yours.", site=told.marketplace.name),
        say("If you did not sign up, do nothing: without this click nobody can use the account."),
        action=say("Confirm my address"), path=f"/confirm/{token}",
    )  # fmt: skip


def _repeated(told: Told) -> list[Letter]:
    return _one(
        told, say("You already have an account at %(site)s", site=told.marketplace.name),
        say("Somebody, probably you, tried to sign up with this address. There is an account already: sign in."),
        say("If you have forgotten the password, the sign-in page lets you choose a new one."),
        action=say("Sign in"), path="/sign-in",
    )  # fmt: skip


def _reset(told: Told) -> list[Letter]:
    token = tokens.reset_token(told.session, told.event.subject, told.marketplace.secret_key)
    if not token:
        return []
    return _one(
        told, say("Choose a new password for %(site)s", site=told.marketplace.name),
        say("Somebody, probably you, asked to choose a new password. The link works once, for an hour."),
        say("If it was not you, do nothing: your password stays as it is."),
        action=say("Choose a new password"), path=f"/reset/{token}",
    )  # fmt: skip


def _password_changed(told: Told) -> list[Letter]:
    return _one(
        told, say("Your password was changed"),
        say("The password of your account was changed, and every other browser was signed out."),
        say("If it was not you, choose a new password at once and write to us."),
        action=say("Choose a new password"), path="/forgot", notice=True,
    )  # fmt: skip


def _move_asked(told: Told) -> list[Letter]:
    email, reader = told.payload("email"), person(told.session, told.event.subject, suspended=True)
    token = tokens.moving_token(told.session, told.event.subject, email, told.marketplace.secret_key)
    if not token or reader is None:
        return []
    there = Letter(
        replace(reader, address=email), say("Make this your address at %(site)s", site=told.marketplace.name),
        (say("Somebody, probably you, asked to sign in at %(site)s with this address.", site=told.marketplace.name),
         say("If it was not you, do nothing: nothing changes.")),
        say("Make it my address"), f"/me/email/{token}", notice=False,
    )  # fmt: skip
    here = Letter(
        reader, say("Somebody asked to change your address"),
        (say("Your account is about to move to another e-mail address. It moves once the link that we sent there is "
             "used by somebody who is signed in as you."),
         say("If it was not you, change your password at once: that stops it.")),
        say("Look at my account's security"), "/me/security",
    )  # fmt: skip
    return [there, here]


def _moved(told: Told) -> list[Letter]:
    reader = person(told.session, told.event.subject, suspended=True)
    if reader is None:
        return []
    old = replace(reader, address=told.payload("before"))
    return [Letter(
        old, say("Your account has moved to another address"),
        (say("Your account is now used with another e-mail address, and every other browser was signed out. This "
             "address no longer opens it."),
         say("If it was not you, write to us at once.")),
        notice=False,
    )]  # fmt: skip


def _factor(told: Told) -> list[Letter]:
    on = told.event.name == e.SECOND_FACTOR_ON
    subject = say("A second factor now protects your account") if on else say("Your second factor was switched off")
    reason = told.payload("reason")
    because = [say("Our staff did so, for this reason: %(reason)s", reason=reason)] if reason else []
    return _one(
        told, subject, *because, say("If it was not you, change your password at once and write to us."),
        action=say("Look at my account's security"), path="/me/security", notice=True,
    )  # fmt: skip


def _suspended(told: Told) -> list[Letter]:
    found = accounts.account(told.session, told.event.subject)
    reason = found.suspension_reason if found else ""
    return _one(
        told, say("Your account was suspended"),
        say("A member of our staff suspended your account, for this reason: %(reason)s", reason=reason),
        say("Work that was already paid for is still paid out or refunded. You may answer this decision in writing; "
            "a person will read it."),
    )  # fmt: skip


def _reinstated(told: Told) -> list[Letter]:
    return _one(
        told, say("Your account is open again"), say("You can sign in and work as before."),
        action=say("Sign in"), path="/sign-in", notice=True,
    )  # fmt: skip


def _invited(told: Told) -> list[Letter]:
    invitation = accounts.invitation(told.session, told.event.subject)
    if invitation is None:
        return []
    token = tokens.invitation_token(told.session, invitation.id, told.marketplace.secret_key)
    if not token:
        return []
    organisation = accounts.organisation(told.session, invitation.organisation or "")
    name = organisation.name if organisation else told.marketplace.name
    words = {
        e.MEMBER_INVITED: say("%(who)s invites you to join them on %(site)s", who=name, site=told.marketplace.name),
        e.SIGNATORY_INVITED: say("%(who)s asks you to sign a document", who=name),
        e.STAFF_INVITED: say("Join the staff of %(site)s", site=told.marketplace.name),
    }[told.event.name]
    paragraphs = [say("The link works once, and ends on its own after some days.")]
    if told.event.name == e.SIGNATORY_INVITED:
        paragraphs.insert(0, say("You will be asked for a code of six digits; whoever invited you passes it on."))
    reader = Reader(invitation.email, invitation.locale)
    return [Letter(reader, words, tuple(paragraphs), say("Open the invitation"), f"/invitations/{token}", notice=False)]


def _destination(told: Told) -> list[Letter]:
    if told.payload("first"):
        return _one(told, say("Your bank details are saved"), say("Your money goes there once it is yours."),
                    say("If it was not you, change your password at once and write to us."),
                    action=say("Look at my bank details"), path="/account/payouts")  # fmt: skip
    return _one(
        told, say("Your bank details were changed"),
        say("Your money goes to another bank account from now on. For 72 hours nothing is paid out to it."),
        say("If it was not you, change your password at once and write to us: the money is still here."),
        action=say("Look at my bank details"), path="/account/payouts", notice=True,
    )  # fmt: skip


WRITERS = {
    DESTINATION_CHANGED: _destination,
    e.SIGNED_UP: _confirm, e.CONFIRM_ASKED: _confirm, e.SIGN_UP_REPEATED: _repeated, e.RESET_ASKED: _reset,
    e.MOVE_ASKED: _move_asked, e.MOVED: _moved, e.PASSWORD_CHANGED: _password_changed, e.SECOND_FACTOR_ON: _factor,
    e.SECOND_FACTOR_OFF: _factor, e.SUSPENDED: _suspended, e.REINSTATED: _reinstated, e.MEMBER_INVITED: _invited,
    e.SIGNATORY_INVITED: _invited, e.STAFF_INVITED: _invited,
}  # fmt: skip
