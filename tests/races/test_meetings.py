"""Managers who take the same twenty minutes at one moment: one has it, the others hear what is
still free."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.owndata import service
from mutuali.owndata.models import HelpMeeting, HelpSlot
from mutuali.owndata.rules import OfferDraft
from tests.factories import World
from tests.owndata.made import TOMORROW, helper
from tests.races.clients import at_once

CLIENTS, ROUNDS = 5, 6
ASK = "/organisme/demander-quelquun"


def _takes(
    cookie: str, slot: str, line: HTTPConnection, wait: Callable[[], object]
) -> tuple[int, bool]:
    """The status of taking a slot, and whether the page says what is free instead."""
    line.request("GET", ASK, headers={"Cookie": cookie})
    page = line.getresponse()
    shown = page.read().decode()
    assert page.status == 200
    fields = {
        name: found[1]
        for name in ("csrf_token", "_once")
        if (found := re.search(rf'name="{name}" value="([^"]+)"', shown))
    }
    kept = "; ".join(
        [each.split(";")[0] for each in page.headers.get_all("Set-Cookie") or []] or [cookie]
    )
    asked = {"slot": slot, "topic": "La paie", "who_calls": "helper", "phone": "514 555-0177"}
    wait()
    headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", ASK, urlencode({**fields, **asked}), headers)
    answer = line.getresponse()
    return answer.status, "Encore libre" in answer.read().decode()


def test_of_managers_who_take_one_moment_exactly_one_has_it(
    app: Flask, session: Session, race_world: World, server: Callable[[], str]
) -> None:
    now = race_world.now
    managers = [race_world.member(race_world.organization()[0]) for _ in range(CLIENTS)]
    day = date.fromordinal(now.date().toordinal() + 3)
    helper(race_world, OfferDraft(day, TOMORROW.opens, TOMORROW.closes.replace(hour=15)), now=now)
    cookies = [_cookie(app, race_world, each) for each in managers]
    slots = [each.public_id for each in service.free_slots(session, managers[0], now=now)]
    assert len(slots) > ROUNDS
    session.commit()
    address = server()
    for slot in slots[:ROUNDS]:
        found = at_once(address, [partial(_takes, cookie, slot) for cookie in cookies])
        assert Counter(found) == {(303, False): 1, (409, True): CLIENTS - 1}
        session.rollback()
        taken = sa.select(HelpMeeting).join(HelpSlot).where(HelpSlot.public_id == slot)
        meeting = session.scalars(taken.where(HelpMeeting.cancelled_at.is_(None))).one()
        # So that the same one may win again; the moment itself stays taken by nobody.
        meeting.cancelled_at = now
        session.commit()


def _cookie(app: Flask, world: World, manager: Actor) -> str:
    browser = app.test_client()
    world.sign_in(browser, manager)
    cookie = browser.get_cookie("session")
    assert cookie is not None
    return f"session={cookie.value}"
