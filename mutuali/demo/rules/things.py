"""Everything the made-up lenders share."""

from mutuali.demo.rules.large import LARGE
from mutuali.demo.rules.small import SMALL
from mutuali.demo.rules.thing import Thing

THINGS: tuple[Thing, ...] = LARGE + SMALL
