"""Use cases of accounts: sign up, confirm, sign in and out, second factors, reset, roles, tokens.

Passwords and tokens are hashed by the door (``web.secrets``) and arrive here as hashes or as a
function that checks; nothing here sees the clock or makes a secret."""

from mutuali.accounts.service.factors import (
    ByCode,
    ByPasskey,
    ByRecoveryCode,
    FactorFacts,
    NewFactor,
    Proof,
    add_factor,
    demo_application,
    factors_of,
    forget_factors,
    make_recovery_codes,
    needs_second_factor,
    passkey_ids,
    recovery_codes_left,
    remove_factor,
    set_challenge,
    take_challenge,
    write_factor,
)
from mutuali.accounts.service.joining import (
    SignUpDraft,
    add_person,
    confirm_email,
    has_demo_people,
    sign_up,
)
from mutuali.accounts.service.links import (
    ask_reset,
    email_behind_link,
    link_recipient,
    reset_password,
)
from mutuali.accounts.service.logins import (
    HOLDER_OF_LOGIN,
    HOLDER_OF_TOKEN,
    act_for,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from mutuali.accounts.service.persons import (
    choose_language,
    find_person,
    grant_role,
    people,
    people_with_role,
)
from mutuali.accounts.service.records import PersonFacts, read_facts
from mutuali.accounts.service.steps import (
    PendingLogin,
    give_up,
    pass_second_factor,
    pending_login,
)
from mutuali.accounts.service.tokens import (
    TokenFacts,
    api_tokens,
    create_api_token,
    revoke_api_token,
)

__all__ = [
    "HOLDER_OF_LOGIN",
    "HOLDER_OF_TOKEN",
    "ByCode",
    "ByPasskey",
    "ByRecoveryCode",
    "FactorFacts",
    "NewFactor",
    "PendingLogin",
    "PersonFacts",
    "Proof",
    "SignUpDraft",
    "TokenFacts",
    "act_for",
    "add_factor",
    "add_person",
    "api_tokens",
    "ask_reset",
    "choose_language",
    "confirm_email",
    "create_api_token",
    "demo_application",
    "email_behind_link",
    "factors_of",
    "find_person",
    "forget_factors",
    "give_up",
    "grant_role",
    "has_demo_people",
    "link_recipient",
    "make_recovery_codes",
    "needs_second_factor",
    "pass_second_factor",
    "passkey_ids",
    "pending_login",
    "people",
    "people_with_role",
    "read_facts",
    "recovery_codes_left",
    "remove_factor",
    "reset_password",
    "revoke_api_token",
    "set_challenge",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "sign_up",
    "take_challenge",
    "write_factor",
]
