"""What a neighbour would find out: each attack of the field played on a release, and scored.

One file per attack. In each, ``claims`` (or what stands for it) is the attacker: it is handed the
released table, the published parts of the plan, and the knowledge that its docstring states, and
nothing else. ``play`` hands these over and holds what was claimed against the truth, which is used
for nothing but that. ``suite.attack`` plays all that the given knowledge allows.
"""
