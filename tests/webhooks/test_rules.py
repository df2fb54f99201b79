"""The signature, by a vector that others publish, and the waits."""

from datetime import UTC, datetime, timedelta

from mutuali.webhooks.rules import (
    WAITS,
    body_of,
    headers_of,
    new_secret,
    next_attempt,
    signature,
    succeeded,
)
from tests.webhooks.made import documented

NOW = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


def test_a_signature_is_the_one_of_standard_webhooks() -> None:
    """The vector of the reference libraries."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            '{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_what_the_page_for_organizations_says_verifies_what_is_sent() -> None:
    verify, secret, other = documented(), new_secret(b"k" * 32), new_secret(b"x" * 32)
    body = body_of("booking.approve", NOW, {"booking": "é"})
    headers = headers_of([secret], "id", int(NOW.timestamp()), body)
    now = NOW.timestamp()
    assert verify(secret, headers, body.encode(), now)
    assert not verify(other, headers, body.encode(), now)
    assert not verify(secret, headers, body.encode() + b" ", now)
    assert not verify(secret, {**headers, "webhook-id": "other"}, body.encode(), now)
    assert not verify(secret, headers, body.encode(), now + 301)
    both = headers_of([other, secret], "id", int(now), body)
    assert verify(secret, both, body.encode(), now)
    assert verify(other, both, body.encode(), now)


def test_waits_grow_and_end_after_three_days() -> None:
    waits = [next_attempt(n, NOW) for n in range(1, 12)]
    assert [each - NOW for each in waits if each is not None] == list(WAITS)
    assert waits[9:] == [None, None]
    assert list(WAITS) == sorted(WAITS)
    assert timedelta(days=3) < sum(WAITS, timedelta()) < timedelta(days=4)


def test_only_a_success_counts() -> None:
    assert [succeeded(each) for each in (200, 204, 299, 199, 302, 404, 500, None)] == [
        True,
        True,
        True,
        *[False] * 5,
    ]
