"""What people type and programs send to say how a loan went."""

from typing import Any

from marshmallow import Schema, post_load

from mutuali.reviews.rules import BEST, LONGEST, Scores
from mutuali.reviews.service import ReviewDraft
from mutuali.web.parsing import Text, Whole


class ReviewSchema(Schema):
    """Scores from 1 to 5; of the thing only by its borrower. The private word is for the
    coordination."""

    as_described = Whole(low=1, high=BEST, load_default=None, allow_none=True)
    quality = Whole(low=1, high=BEST, load_default=None, allow_none=True)
    respect = Whole(low=1, high=BEST, required=True)
    communication = Whole(low=1, high=BEST, required=True)
    sentence = Text(longest=LONGEST, load_default="")
    private_word = Text(longest=LONGEST, question="private_word", load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> ReviewDraft:
        scores = Scores(
            data["respect"], data["communication"], data["as_described"], data["quality"]
        )
        return ReviewDraft(scores, data["sentence"], data["private_word"])


class SentenceReportSchema(Schema):
    """What is wrong with a sentence."""

    words = Text(longest=LONGEST, load_default="")
