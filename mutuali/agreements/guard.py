"""The last word of the database: what was accepted stays as it was accepted.

Row triggers on both engines, whatever code path writes. The terms, text and hash of an agreement
change only while it is a draft; none is proposed without the clauses that the law asks for; it
takes effect only when both sides have accepted the very hash it holds; nothing of it changes or
goes away afterwards, except that it is suspended, taken up again
and ended; until it is over for as long as the inventory says, by the clock of the database, which
is what makes it true: then what it says of people may go. The newest migration of agreements runs
these statements, and a test at head compares what the database holds with them.
"""

from collections.abc import Iterable
from typing import NamedTuple

from mutuali.agreements.rules import REQUIRED_RESTRICTIONS, REQUIRED_WARRANTIES
from mutuali.inventory.rules import LASTS, Keep

#: Names that the errors carry.
TEXT_FIXED = "agreement_text_fixed"
NOT_ACCEPTED = "agreement_not_accepted"
CLAUSE_MISSING = "agreement_clause_missing"

#: A day less than the rule that blanks waits, so that two clocks need not agree.
_KEPT_DAYS = LASTS[Keep.AGREEMENT].days - 1
_BOUND = "('in_force', 'suspended', 'ended')"
_TERMS = (
    *("operator_id", "partner_id", "purposes", "datasets", "restrictions", "warranties"),
    *("liability", "intended_use", "starts_at", "ends_at", "text_fr", "text_en", "hash"),
    *("instrument", "outside_quebec", "k", "share_percent", "base", "on_withdrawal"),
    *("days_to_act", "download_days", "keep_days", "downloads_each", "years", "number", "edition"),
    *("benefit", "outputs", "attribution", "assessment_ref", "ethics_ref", "kept_at", "measures"),
    *("breach_hours", "destroy_days", "review_days", "review_months", "cure_days"),
)
_MAY_BE_MISSING = ("amends_id", "liability_cap", "insurance")
_TERMS_CHANGE = (
    "("
    + " OR ".join(
        (
            *(f"NEW.{name} <> OLD.{name}" for name in _TERMS),
            *(f"coalesce(NEW.{name}, 0) <> coalesce(OLD.{name}, 0)" for name in _MAY_BE_MISSING),
        )
    )
    + ")"
)
#: A proposed text changes only on its way back to the draft; one in force is only suspended, taken
#: up again and ended. The day on which it was sent to the CAI is said once.
_BREAKS = f"""(OLD.state <> 'draft' AND NEW.state <> 'draft' AND {_TERMS_CHANGE})
  OR (OLD.state IN {_BOUND} AND NEW.state NOT IN {_BOUND})
  OR (OLD.state = 'ended' AND NEW.state <> 'ended')
  OR (NEW.state = 'suspended' AND OLD.state NOT IN ('in_force', 'suspended'))
  OR (OLD.cai_sent_on IS NOT NULL
    AND (NEW.cai_sent_on IS NULL OR NEW.cai_sent_on <> OLD.cai_sent_on))"""
_STATE = "(SELECT state FROM agreement WHERE id = {row}.agreement_id)"
_END_OF = _STATE.replace("SELECT state", "SELECT coalesce(ended_at, ends_at)")
_OTHER_TEXT = "NEW.hash <> (SELECT hash FROM agreement WHERE id = NEW.agreement_id)"
_NOT_READY = """(SELECT count(*) FROM agreement_acceptance
    WHERE agreement_id = NEW.id AND hash = NEW.hash AND revoked_at IS NULL) <> 2
  OR EXISTS (SELECT 1 FROM agreement_suspension
    WHERE agreement_id = NEW.id AND lifted_at IS NULL)"""


def _same(*names: str) -> str:
    return " AND ".join(f"NEW.{name} = OLD.{name}" for name in names)


_ONLY_REVOKED = "OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND " + _same(
    *("agreement_id", "side", "person_id", "hash", "at", "name", "capacity", "method")
)
_ONLY_LIFTED = (
    "OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL AND OLD.cause <> 'revoked' AND "
    + _same("id", "agreement_id", "cause", "reason", "at")
    + " AND coalesce(NEW.side, '') = coalesce(OLD.side, '')"
    " AND coalesce(NEW.person_id, 0) = coalesce(OLD.person_id, 0)"
)


def _lacks(column: str, codes: Iterable[str]) -> str:
    """Whether a list of codes, with commas between, misses one of ``codes``."""
    held = f"',' || NEW.{column} || ','"
    return " OR ".join(f"replace({held}, ',{code},', ',') = {held}" for code in sorted(codes))


class Rule(NamedTuple):
    """After ``event`` on ``table``, a row for which ``condition`` holds is refused as ``error``."""

    name: str
    event: str
    table: str
    error: str
    condition: str


def _only_in_a_draft(table: str) -> tuple[Rule, ...]:
    new, old = (f"{_STATE.format(row=row)} <> 'draft'" for row in ("NEW", "OLD"))
    return (
        Rule(f"{table}_added", "INSERT", table, TEXT_FIXED, new),
        Rule(f"{table}_changed", "UPDATE", table, TEXT_FIXED, f"{new} OR {old}"),
        Rule(f"{table}_gone", "DELETE", table, TEXT_FIXED, old),
    )


def _kept(table: str, otherwise: str) -> tuple[Rule, ...]:
    """What was given to a text stays with it from when it binds; ``otherwise`` it may change."""
    bound = f"{_STATE.format(row='OLD')} IN {_BOUND}"
    return (
        Rule(f"{table}_kept", "UPDATE", table, TEXT_FIXED, f"{bound} AND NOT ({otherwise})"),
        Rule(f"{table}_gone", "DELETE", table, TEXT_FIXED, bound),
        Rule(f"{table}_text", "INSERT", table, NOT_ACCEPTED, _OTHER_TEXT),
        Rule(f"{table}_other", "UPDATE", table, NOT_ACCEPTED, _OTHER_TEXT),
    )


RULES = (
    Rule("agreement_kept", "UPDATE", "agreement", TEXT_FIXED, _BREAKS),
    Rule("agreement_gone", "DELETE", "agreement", TEXT_FIXED, f"OLD.state IN {_BOUND}"),
    Rule(
        "agreement_ready",
        "UPDATE",
        "agreement",
        NOT_ACCEPTED,
        f"NEW.state = 'in_force' AND OLD.state <> 'in_force' AND ({_NOT_READY})",
    ),
    # What the law asks for is in every text that anybody is shown to sign.
    Rule(
        "agreement_required",
        "UPDATE",
        "agreement",
        CLAUSE_MISSING,
        f"NEW.state IN ('proposed', 'in_force') AND OLD.state <> NEW.state AND "
        f"({_lacks('restrictions', REQUIRED_RESTRICTIONS)}"
        f" OR {_lacks('warranties', REQUIRED_WARRANTIES)})",
    ),
    Rule("agreement_born", "INSERT", "agreement", NOT_ACCEPTED, f"NEW.state IN {_BOUND}"),
    *_only_in_a_draft("agreement_analyst"),
    *_only_in_a_draft("agreement_party"),
    Rule(
        "agreement_acceptance_late",
        "INSERT",
        "agreement_acceptance",
        TEXT_FIXED,
        f"{_STATE.format(row='NEW')} IN {_BOUND}",
    ),
    *_kept("agreement_acceptance", _ONLY_REVOKED),
    *_kept("agreement_undertaking", "1 = 0"),
    Rule(
        "agreement_suspension_early",
        "INSERT",
        "agreement_suspension",
        TEXT_FIXED,
        f"{_STATE.format(row='NEW')} NOT IN ('in_force', 'suspended')",
    ),
    Rule(
        "agreement_suspension_kept",
        "UPDATE",
        "agreement_suspension",
        TEXT_FIXED,
        f"NOT ({_ONLY_LIFTED})",
    ),
    Rule("agreement_suspension_gone", "DELETE", "agreement_suspension", TEXT_FIXED, "1 = 1"),
)


def _condition(rule: Rule, long_ago: str) -> str:
    """When it refuses: never where the agreement of the old row is over since ``long_ago``."""
    if rule.event == "INSERT" or (rule.table, rule.event) == ("agreement", "DELETE"):
        return rule.condition
    over = f"{_END_OF.format(row='OLD')} < {long_ago}"
    if rule.table == "agreement":
        over = f"coalesce(OLD.ended_at, OLD.ends_at) < {long_ago} AND NEW.state = OLD.state"
    return f"({rule.condition}) AND NOT ({over})"


def _in_postgresql(rule: Rule) -> tuple[str, str]:
    function = f"""CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {_condition(rule, f"now() - interval '{_KEPT_DAYS} days'")} THEN
    RAISE EXCEPTION '{rule.error}' USING ERRCODE = 'check_violation', CONSTRAINT = '{rule.error}';
  END IF;
  RETURN NULL;
END $guard$"""
    trigger = f"""CREATE TRIGGER {rule.name} AFTER {rule.event} ON {rule.table} FOR EACH ROW
EXECUTE FUNCTION {rule.name}()"""
    return function, trigger


def _in_sqlite(rule: Rule) -> str:
    return f"""CREATE TRIGGER {rule.name} AFTER {rule.event} ON {rule.table}
WHEN {_condition(rule, f"datetime('now', '-{_KEPT_DAYS} days')")} BEGIN
  SELECT RAISE(ABORT, '{rule.error}');
END"""


def in_dialect(rule: Rule, dialect: str) -> tuple[str, ...]:
    """The statements that put one rule in place."""
    return _in_postgresql(rule) if dialect == "postgresql" else (_in_sqlite(rule),)


#: Statements that put the guard in place, by dialect.
STATEMENTS = {
    dialect: tuple(text for rule in RULES for text in in_dialect(rule, dialect))
    for dialect in ("postgresql", "sqlite")
}
