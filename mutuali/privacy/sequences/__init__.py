"""Tables of sums released one after the other: what all of them together tell of anybody.

``told`` is what one build told, keyed and without names; ``layers`` says which builds hold what;
``differences`` holds every sum that two of them tell against "nobody or at least k"; ``bounds``
proves by linear programming how closely a contributor's value is known; ``remedy`` hides figures of
the newest build until nothing is found.
"""
