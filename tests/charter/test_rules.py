"""Lists of actions are read whole or not at all; shares and the next action follow the answers."""

import csv
from collections import Counter
from io import StringIO

import pytest

from mutuali.charter.rules import (
    COLUMNS,
    DEPTHS,
    SERVED_BY,
    Action,
    Answer,
    Depth,
    Fact,
    Family,
    Said,
    Share,
    Size,
    Who,
    as_csv,
    network_bands,
    read_actions,
    shares,
    stand,
    suggested,
)
from mutuali.charter.service import starter
from mutuali.consent.rules import ease
from mutuali.core.charter import COMMITMENTS, RETITLED, Principle
from mutuali.core.errors import Refused
from tests.architecture.test_imports import ORDER


def _action(code: str = "a", **values: object) -> Action:
    given: dict[str, object] = {
        "code": code,
        "principle": Principle.PRIVACY,
        "family": Family.RISK,
        "depth": Depth.FIRST,
        "minutes": 5,
        "who": Who.MANAGER,
        "action_fr": "Faites-le.",
        "fact": None,
    }
    given = dict.fromkeys(COLUMNS, "") | given | values
    return Action(**given)  # type: ignore[arg-type]


def _file(*actions: Action) -> str:
    out = StringIO()
    csv.writer(out).writerows([COLUMNS, *as_csv(actions)])
    return out.getvalue()


def test_the_thirteen_principles_stand_under_three_commitments() -> None:
    listed = [each for principles in COMMITMENTS.values() for each in principles]
    assert listed == list(Principle)
    assert len(listed) == 13
    assert set(Principle) > RETITLED


def test_every_feature_serves_a_principle_and_every_principle_is_served() -> None:
    served = {feature for features in SERVED_BY.values() for feature in features}
    assert served == set(ORDER)
    assert set(SERVED_BY) == set(Principle)


def test_the_starter_list_has_74_actions_spread_over_principles_families_and_depths() -> None:
    actions = starter()
    assert len(actions) == 74
    assert len({each.code for each in actions}) == 74
    assert min(Counter(each.principle for each in actions).values()) >= 5
    assert min(Counter(each.family for each in actions).values()) >= 6
    assert Counter(each.depth for each in actions)[Depth.FIRST] >= 30
    for each in actions:
        for text in ("theme", "action", "why", "proof"):
            assert each.said(text, "fr"), each.code
            assert each.said(text, "en"), each.code
            assert each.said(text, "fr") != each.said(text, "en"), each.code
            assert "'" not in each.said(text, "fr") + each.said(text, "en"), each.code


def test_at_least_half_of_the_starter_list_is_decided_by_facts() -> None:
    facts = [each.fact for each in starter() if each.fact]
    print(f"{len(facts)} of {len(starter())} actions are decided by facts")
    assert len(facts) == len(set(facts)) >= 37


def test_the_starter_list_reads_easily() -> None:
    for language in ("fr", "en"):
        said = [each.said(text, language) for each in starter() for text in ("action", "why")]
        found = sorted((ease(each, language).score, each) for each in said)
        print(language, found[:3])
        assert found[0][0] >= 60


def test_a_list_comes_back_as_it_went() -> None:
    assert read_actions(_file(*starter())) == starter()


@pytest.mark.parametrize(
    ("changed", "line", "column"),
    [
        ({"principle": "wisdom"}, 3, "principle"),
        ({"minutes": "0"}, 3, "minutes"),
        ({"minutes": "-5"}, 3, "minutes"),
        ({"minutes": "٣"}, 3, "minutes"),
        ({"code": "a"}, 3, "code"),
        ({"code": "not a code"}, 3, "code"),
        ({"fact": "guessed"}, 3, "fact"),
        ({"action_fr": ""}, 3, "action_fr"),
        ({"why_fr": "x" * 401}, 3, "why_fr"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_column(
    changed: dict[str, str], line: int, column: str
) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in as_csv([_action("a"), _action("b")])]
    rows[1] |= changed
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    with pytest.raises(Refused) as refused:
        read_actions(out.getvalue())
    said = [(each.params["line"], each.params["column"]) for each in refused.value.reasons]
    assert (line, column) in said


@pytest.mark.parametrize("content", ["", "code,principle\n", '"', _file(), "x" * 10])
def test_a_file_that_is_no_list_is_refused(content: str) -> None:
    with pytest.raises(Refused):
        read_actions(content)


def test_a_fact_answers_before_people_do() -> None:
    known, open_ = _action(fact=Fact.PHONE_GIVEN), _action()
    said = Said(Answer.DONE, "Oui.")
    assert stand(known, 2, said).answer is Answer.NOT_YET
    assert stand(known, 0, None).answer is Answer.DONE
    assert stand(known, None, said).answer is Answer.NOT_OURS
    assert stand(open_, None, said).answer is Answer.DONE
    assert stand(open_, None, None).answer is None


def test_what_concerns_nobody_counts_on_neither_side() -> None:
    standings = [
        stand(_action("a"), None, Said(Answer.DONE)),
        stand(_action("b"), None, Said(Answer.NOT_YET)),
        stand(_action("c"), None, Said(Answer.NOT_OURS)),
        stand(_action("d"), None, None),
    ]
    assert shares(standings)[Principle.PRIVACY] == Share(1, 3)
    assert shares(standings)[Principle.ACCESS] == Share(0, 0)
    assert [Share(n, 4).band for n in range(5)] == [0, 1, 2, 3, 3]


def test_the_next_thing_is_the_shortest_where_least_is_done_and_one_can_do_it() -> None:
    far = _action("far", principle=Principle.ACCESS, minutes=9)
    near = _action("near", principle=Principle.ACCESS, minutes=3)
    network = _action("net", principle=Principle.ACCESS, minutes=1, fact=Fact.LOG_SEALED)
    done, left = _action("done", minutes=1), _action("left", minutes=1)
    standings = [
        stand(done, None, Said(Answer.DONE)),
        *(stand(each, None, None) for each in (left, far, near)),
        stand(network, 3, None),
    ]
    found = suggested(standings)
    assert found is not None
    assert found.action.code == "near"
    assert suggested([standings[0]]) is None


def test_the_network_is_said_only_where_ten_have_answered() -> None:
    nine, ten = [Share(1, 2)] * 9, [Share(1, 2)] * 10
    unconcerned = [*nine, Share(0, 0)]
    found = network_bands(
        {Principle.PRIVACY: nine, Principle.ACCESS: ten, Principle.CONSENT: unconcerned}
    )
    assert found == {Principle.ACCESS: 2}
    # Whom nothing concerns does not pull the middle down.
    apart = network_bands({Principle.ACCESS: [*ten, *[Share(0, 0)] * 30]})
    assert apart == {Principle.ACCESS: 2}


def test_a_larger_organization_goes_deeper() -> None:
    assert DEPTHS[Size.FEW] < DEPTHS[Size.SOME] < DEPTHS[Size.MANY] == set(Depth)
