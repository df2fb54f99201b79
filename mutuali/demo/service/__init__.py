"""Fill an empty instance with the made-up network."""

from mutuali.demo.service.arranged import arrange
from mutuali.demo.service.asked import hear_the_public
from mutuali.demo.service.chartered import come_along
from mutuali.demo.service.demanded import demand
from mutuali.demo.service.dropped import collect_less
from mutuali.demo.service.fill import ACCOUNTS, Filled, fill, is_empty
from mutuali.demo.service.hooked import keep_a_hook
from mutuali.demo.service.in_public import show_vehicles
from mutuali.demo.service.kept import keep_an_inventory
from mutuali.demo.service.learned import learn
from mutuali.demo.service.looked_after import check_in
from mutuali.demo.service.released import (
    LAST_MONTH,
    NOW,
    OPENED,
    ask_and_wait,
    ask_for_data,
    let_out,
    open_to_all,
    propose_opening,
    take_one_back,
    write_registers,
)
from mutuali.demo.service.repeated import ask_every_week
from mutuali.demo.service.reported import report_latest, write_papers
from mutuali.demo.service.reviewed import review_past_loans
from mutuali.demo.service.shared import share_trips
from mutuali.demo.service.started import start
from mutuali.demo.service.talked import talk
from mutuali.demo.service.waited import wait
from mutuali.demo.service.went_wrong import go_wrong

__all__ = [
    "ACCOUNTS",
    "LAST_MONTH",
    "NOW",
    "OPENED",
    "Filled",
    "arrange",
    "ask_and_wait",
    "ask_every_week",
    "ask_for_data",
    "check_in",
    "collect_less",
    "come_along",
    "demand",
    "fill",
    "go_wrong",
    "hear_the_public",
    "is_empty",
    "keep_a_hook",
    "keep_an_inventory",
    "learn",
    "let_out",
    "open_to_all",
    "propose_opening",
    "report_latest",
    "review_past_loans",
    "share_trips",
    "show_vehicles",
    "start",
    "take_one_back",
    "talk",
    "wait",
    "write_papers",
    "write_registers",
]
