"""Use cases of what the public says: say, answer, read, count, end."""

from mutuali.voices.service.answer import (
    answer_in_private,
    bring_back,
    mark_read,
    publish,
    publish_under,
    rewrite,
    set_aside,
    take_off,
)
from mutuali.voices.service.ending import Reply, end_old, remind, reply, told
from mutuali.voices.service.look import (
    Desk,
    answer_to_rewrite,
    count_waiting,
    desk,
    headings,
    still_waiting,
    voice,
)
from mutuali.voices.service.public import (
    Found,
    OnTopic,
    Tally,
    answers,
    by_topic,
    latest,
    tally,
)
from mutuali.voices.service.records import AnswerFacts, Question, Said, VoiceFacts
from mutuali.voices.service.say import say

__all__ = [
    "AnswerFacts",
    "Desk",
    "Found",
    "OnTopic",
    "Question",
    "Reply",
    "Said",
    "Tally",
    "VoiceFacts",
    "answer_in_private",
    "answer_to_rewrite",
    "answers",
    "bring_back",
    "by_topic",
    "count_waiting",
    "desk",
    "end_old",
    "headings",
    "latest",
    "mark_read",
    "publish",
    "publish_under",
    "remind",
    "reply",
    "rewrite",
    "say",
    "set_aside",
    "still_waiting",
    "take_off",
    "tally",
    "told",
    "voice",
]
