"""What other rooms call of accounts: every use case, gathered from the modules that hold them."""

from marketwright.features.accounts.identity import record_identity
from marketwright.features.accounts.invitations import (
    accept_as_new,
    accept_invitation,
    invite_member,
    invite_signatory,
    invite_staff,
    withdraw_invitation,
)
from marketwright.features.accounts.organisations import (
    add_member,
    change_member,
    create_organisation,
    remove_member,
    update_organisation,
)
from marketwright.features.accounts.people import (
    ask_confirmation,
    ask_move,
    ask_reset,
    become_freelancer,
    change_password,
    confirm,
    create_account,
    move,
    reinstate,
    reset_password,
    save_settings,
    sign_up,
    suspend,
)
from marketwright.features.accounts.sessions import end_session, end_sessions, revoke_session, start_session
from marketwright.features.accounts.staff import change_staff, join_staff

__all__ = [
    "accept_as_new",
    "accept_invitation",
    "add_member",
    "ask_confirmation",
    "ask_move",
    "ask_reset",
    "become_freelancer",
    "change_member",
    "change_password",
    "change_staff",
    "confirm",
    "create_account",
    "create_organisation",
    "end_session",
    "end_sessions",
    "invite_member",
    "invite_signatory",
    "invite_staff",
    "join_staff",
    "move",
    "record_identity",
    "reinstate",
    "remove_member",
    "reset_password",
    "revoke_session",
    "save_settings",
    "sign_up",
    "start_session",
    "suspend",
    "update_organisation",
    "withdraw_invitation",
]
