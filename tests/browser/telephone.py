"""The telephone of somebody whose role asks for a second factor, for the journeys."""

import time
from datetime import UTC, datetime

import pyotp
from playwright.sync_api import Page

#: The secret of each address that has one, and the last step of time whose code was typed.
SECRETS: dict[str, str] = {}
_typed: dict[str, int] = {}


def code_for(email: str) -> str:
    """What the telephone shows; a code counts once, so a second sign-in takes the next one."""
    totp = pyotp.TOTP(SECRETS[email])
    while (step := _next_step(totp, email)) > totp.timecode(datetime.now(UTC)) + 1:
        time.sleep(1)
    _typed[email] = step
    return str(totp.generate_otp(step))


def _next_step(totp: pyotp.TOTP, email: str) -> int:
    return max(totp.timecode(datetime.now(UTC)), _typed.get(email, 0) + 1)


def pass_second_step(page: Page, email: str) -> None:
    """Type the code, where the page asks for one."""
    if email in SECRETS:
        page.locator("[name=code]").fill(code_for(email))
        page.locator("form:has([name=code]) [type=submit]").click()
