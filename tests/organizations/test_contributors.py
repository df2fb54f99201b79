"""Organizations behind one another count as one contributor."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.organizations import service
from mutuali.organizations.models import Organization
from mutuali.organizations.rules import contributors
from tests.factories import World

NETWORKS = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 11)), st.sampled_from(["", "a", "b", "c"])),
    max_size=12,
)


@given(NETWORKS)
def test_whoever_shares_a_parent_or_a_number_is_one(network: list[tuple[int | None, str]]) -> None:
    rows = [
        (id_, parent if parent is not None and parent < len(network) else None, number)
        for id_, (parent, number) in enumerate(network)
    ]
    # The slow way: spread the smallest id along every tie until nothing changes.
    expected = {id_: id_ for id_, _, _ in rows}
    for _ in rows:
        for a, parent, number in rows:
            for b, _, other in rows:
                if b == parent or (number and number == other):
                    expected[a] = expected[b] = min(expected[a], expected[b])

    assert contributors(rows) == expected


def test_a_branch_and_its_parent_are_one_contributor(session: Session, world: World) -> None:
    parent, branch, other = (world.organization()[0] for _ in range(3))
    session.get_one(Organization, branch).parent_id = parent
    session.flush()

    found = service.contributors(session)

    assert found[branch] == found[parent] == parent
    assert found[other] == other
