"""OpenDP's own accounting, to be compared with ours."""

from typing import Any


def opendp() -> Any:
    """The library, ready for use; its functions carry no types of their own."""
    import opendp.prelude as library

    library.enable_features("contrib")
    return library
