"""What the system knows by itself of an organization's way with data, or of its network's."""

from enum import StrEnum


class Fact(StrEnum):
    """What holds while nothing is amiss; the question to the database has the same name."""

    MANAGERS_SECOND_FACTOR = "managers_second_factor"
    NO_SLEEPING_MEMBERS = "no_sleeping_members"
    TOKENS_SHORT = "tokens_short"
    INVITATIONS_OPEN = "invitations_open"
    TWO_MANAGERS = "two_managers"
    DELEGATIONS_SHORT = "delegations_short"
    WEBHOOKS_WORK = "webhooks_work"
    QUESTIONS_ANSWERED = "questions_answered"
    YES_LOOKED_AT_AGAIN = "yes_looked_at_again"
    YES_NOT_ENDING = "yes_not_ending"
    LISTINGS_NAME_NOBODY = "listings_name_nobody"
    ACCESS_NOTES_NAME_NOBODY = "access_notes_name_nobody"
    REQUESTS_OF_PERSONS_IN_TIME = "requests_of_persons_in_time"
    INCIDENTS_TOLD = "incidents_told"
    LISTINGS_BILINGUAL = "listings_bilingual"
    REQUESTS_ANSWERED = "requests_answered"
    REFUSALS_EXPLAINED = "refusals_explained"
    DOCUMENTS_CURRENT = "documents_current"
    DRAFTS_TIDY = "drafts_tidy"
    EVERY_COLUMN_HAS_AN_END = "every_column_has_an_end"
    SOMETHING_SHARED = "something_shared"
    LENT_LATELY = "lent_lately"
    OVERDUE_NONE = "overdue_none"
    PARTICIPATION_SIGNED = "participation_signed"
    SIGNATORY_NAMED = "signatory_named"
    DATA_STAYS_IN_QUEBEC = "data_stays_in_quebec"
    AGREEMENTS_CURRENT = "agreements_current"
    ENTERPRISE_NUMBER = "enterprise_number"
    FACTS_OF_THE_KIND = "facts_of_the_kind"
    OFFICER_NAMED = "officer_named"
    LOG_SEALED = "log_sealed"
    RELEASES_REGISTERED = "releases_registered"
    PHONE_GIVEN = "phone_given"
    PHOTOS_DESCRIBED = "photos_described"
    CONDITIONS_SAID = "conditions_said"
    ACCESS_NOTES_SAID = "access_notes_said"
    MESSAGES_READ = "messages_read"
    CALLS_RETURNED = "calls_returned"
    ASSESSED_BEFORE = "assessed_before"
    QUALIFIED_PERSON_NAMED = "qualified_person_named"
    RELEASES_LOOKED_AT_AGAIN = "releases_looked_at_again"
    DEFECTS_MENDED = "defects_mended"
    MISHAPS_FOLLOWED = "mishaps_followed"
    TRIPS_SHARED = "trips_shared"
    OWN_OFFICER_NAMED = "own_officer_named"
    OWN_POLICY_PUBLISHED = "own_policy_published"
    OWN_INVENTORY_DONE = "own_inventory_done"


#: What is so for the whole network at once: no organization alone can change it.
OF_NETWORK = frozenset(
    {
        Fact.REQUESTS_OF_PERSONS_IN_TIME,
        Fact.INCIDENTS_TOLD,
        Fact.EVERY_COLUMN_HAS_AN_END,
        Fact.DATA_STAYS_IN_QUEBEC,
        Fact.AGREEMENTS_CURRENT,
        Fact.OFFICER_NAMED,
        Fact.LOG_SEALED,
        Fact.RELEASES_REGISTERED,
        Fact.CALLS_RETURNED,
        Fact.ASSESSED_BEFORE,
        Fact.QUALIFIED_PERSON_NAMED,
        Fact.RELEASES_LOOKED_AT_AGAIN,
    }
)
