"""Releases of the same dataset one after the other: what their differences tell, and how little.

``record`` keeps what the next comparison needs, keyed and without names; ``common`` finds the
finest classes whose contents two releases both tell; ``compare`` holds every change against the
plan; ``remedy`` holds back, keeps out, merges or delays until nothing is found, least loss first.
"""
