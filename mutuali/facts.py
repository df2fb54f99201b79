"""What the system knows by itself of an organization: a question to the database for each fact."""

from collections.abc import Mapping

from sqlalchemy import literal, select

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.charter.rules import Fact
from mutuali.consent import service as consent
from mutuali.counts import Amiss
from mutuali.equipment import service as equipment
from mutuali.exports import service as exports
from mutuali.governance import service as governance
from mutuali.governance.rules import is_carried_out
from mutuali.inventory.rules import entries
from mutuali.messages import service as messages
from mutuali.mishaps import service as mishaps
from mutuali.organizations import service as organizations
from mutuali.owndata import service as owndata
from mutuali.trips import service as trips
from mutuali.webhooks import service as webhooks

#: What is amiss with each fact of an organization.
FACTS: Mapping[Fact, Amiss] = {
    Fact.MANAGERS_SECOND_FACTOR: accounts.without_second_factor(organizations.managers_of()),
    Fact.NO_SLEEPING_MEMBERS: accounts.asleep(organizations.members_of()),
    Fact.TOKENS_SHORT: accounts.long_tokens(),
    Fact.INVITATIONS_OPEN: organizations.invitations_past(),
    Fact.TWO_MANAGERS: organizations.alone(),
    Fact.DELEGATIONS_SHORT: organizations.long_delegations(),
    Fact.WEBHOOKS_WORK: webhooks.stopped_addresses(),
    Fact.QUESTIONS_ANSWERED: consent.questions_open(),
    Fact.YES_LOOKED_AT_AGAIN: consent.old_answers(),
    Fact.YES_NOT_ENDING: consent.ending_answers(),
    Fact.LISTINGS_NAME_NOBODY: equipment.with_addresses(),
    Fact.ACCESS_NOTES_NAME_NOBODY: organizations.access_notes_with_addresses(),
    Fact.REQUESTS_OF_PERSONS_IN_TIME: governance.requests_past(),
    Fact.INCIDENTS_TOLD: governance.incidents_untold(),
    Fact.LISTINGS_BILINGUAL: equipment.in_one_language(),
    Fact.REQUESTS_ANSWERED: bookings.ran_out(),
    Fact.REFUSALS_EXPLAINED: bookings.refused_without_words(),
    Fact.DOCUMENTS_CURRENT: organizations.documents_past(),
    Fact.DRAFTS_TIDY: equipment.old_drafts(),
    Fact.EVERY_COLUMN_HAS_AN_END: select(
        literal(sum(not is_carried_out(each) for each in entries()))
    ),
    Fact.SOMETHING_SHARED: equipment.nothing_shared(),
    Fact.LENT_LATELY: bookings.not_lent_lately(),
    Fact.OVERDUE_NONE: bookings.kept_too_long(),
    Fact.PARTICIPATION_SIGNED: organizations.without_participation(),
    Fact.SIGNATORY_NAMED: organizations.without_signatory(),
    Fact.DATA_STAYS_IN_QUEBEC: agreements.leaving_quebec(),
    Fact.AGREEMENTS_CURRENT: agreements.past_their_end(),
    Fact.ENTERPRISE_NUMBER: organizations.without_number(),
    Fact.FACTS_OF_THE_KIND: equipment.without_facts(),
    Fact.OFFICER_NAMED: organizations.without_officer(),
    Fact.LOG_SEALED: audit.unsealed_for_long(),
    Fact.RELEASES_REGISTERED: governance.releases_unregistered(),
    Fact.PHONE_GIVEN: organizations.without_phone(),
    Fact.PHOTOS_DESCRIBED: equipment.photos_without_words(),
    Fact.CONDITIONS_SAID: equipment.without_conditions(),
    Fact.ACCESS_NOTES_SAID: organizations.places_without_access(equipment.sites_used()),
    Fact.MESSAGES_READ: messages.unread_for_long(organizations.members_of()),
    Fact.CALLS_RETURNED: consent.calls_waiting(),
    Fact.ASSESSED_BEFORE: exports.left_unassessed(),
    Fact.QUALIFIED_PERSON_NAMED: organizations.without_qualified_person(),
    Fact.RELEASES_LOOKED_AT_AGAIN: governance.releases_to_look_at_again(),
    Fact.DEFECTS_MENDED: equipment.broken_for_long(),
    Fact.MISHAPS_FOLLOWED: mishaps.open_for_long(),
    Fact.TRIPS_SHARED: trips.none_shared(),
    Fact.OWN_OFFICER_NAMED: owndata.without_own_officer(),
    Fact.OWN_POLICY_PUBLISHED: owndata.without_own_policy(),
    Fact.OWN_INVENTORY_DONE: owndata.inventory_undone(),
}
