"""Cards on data as a common good: sharing, sovereignty, common formats, openness; in English."""

from collections.abc import Mapping

from mutuali.learning.rules.card import CardText, Choice

COMMONS_EN: Mapping[str, CardText] = {
    "together": CardText(
        "Alone we guess, together we see",
        (
            "The data of one group says little. Put together, it shows what nobody saw: the days "
            "when everyone looks for a truck, the kitchens that stand empty at night, the end of "
            "the island where there is nothing at all to borrow.",
            "The Charter asks that such data be run on behalf of the community. It helps people "
            "decide together; it is not there to punish one group. Yet the interest of all has a "
            "limit: personal information. It does not become a common good. So we share totals, "
            "not people.",
        ),
        "Twelve groups count the times they had to say no. The total shows sixty truck requests "
        "with no answer, mostly on Thursdays. With that in hand, they look for a second truck "
        "together.",
        "What can become a common good?",
        (
            Choice(
                "The list of volunteers of the network.",
                "That is personal information. It stays with the group that asked for it.",
            ),
            Choice(
                "The total of requests that got no answer.",
                "A total helps everyone and speaks of no one.",
            ),
            Choice(
                "The messages between two groups.",
                "Messages are between those who write them. We share totals, not people.",
            ),
        ),
    ),
    "give-back": CardText(
        "Giving back what was learned",
        (
            "Whoever gives data should see what was learned from it. If not, sharing goes one way, "
            "and after a year or two people stop answering.",
            "Giving back is simple. Say on one page what you found. Say what you still do not "
            "know. Hand over the numbers in a form that others can use. And turn down uses that "
            "help only one: selling the list, hunting for customers, ranking groups so as to cut "
            "their funds. An agreement can rule all of that out in advance, in black and white.",
        ),
        "A team studies the kitchens of the network for a year. At the end it comes back one noon, "
        "shows three pictures and leaves the table. Two kitchens choose to open at night.",
        "A partner got your numbers. What can you ask for in return?",
        (
            Choice(
                "Money for each row.",
                "Selling rows is the reverse of a common good. Ask what was learned from them.",
            ),
            Choice(
                "Nothing, if it works for the good of all.",
                "That is just why: the good of all means that those who gave see the result.",
            ),
            Choice(
                "To come back and show what it found.",
                "One page and a few pictures will do. Those who see the result answer again.",
            ),
        ),
    ),
    "four-answers": CardText(
        "An agreement in four answers",
        (
            "Before you hand data to a partner, ask four questions. Who may read it, by name? To "
            "do what, and nothing else? What is ruled out, such as trying to find out who is who, "
            "or matching with another file? And who answers for it if things go wrong?",
            "The answers make the agreement. One day it ends, and it says what then becomes of the "
            "file. Without it, you hope. With it, you can insist. That is how a network keeps hold "
            "of what it knows, even when its data travels.",
        ),
        "A researcher wants the loans of cold rooms. The agreement names her, says that she "
        "studies food waste, rules out adding other lists, and sets the day when all is destroyed.",
        "A partner signed up to study trips. It wants to add a list bought somewhere else. May it?",
        (
            Choice(
                "Yes, since it signed.",
                "It signed for one use. To add a list is a new one, and may show who is who.",
            ),
            Choice(
                "Not if the agreement rules it out: change that first.",
                "What is not in the agreement is asked for before, never after.",
            ),
            Choice(
                "Yes, if the list is correct.",
                "A correct list makes it even easier to know people. The agreement is what allows "
                "or forbids.",
            ),
        ),
    ),
    "far-away": CardText(
        "When data leaves Québec",
        (
            "An online service may keep your files very far away. Before personal information "
            "leaves Québec, the law asks for an assessment. Is it sensitive? What will it be used "
            "for? How will it be kept safe? And which law applies there?",
            "If the assessment shows adequate protection, a written agreement is signed that takes "
            "it into account. If not, nothing is sent. This also holds when you "
            "place your data in the hands of someone else, such as a web host. You cannot always "
            "keep everything close to home. You can always know where your data is.",
        ),
        "A kitchen put its list of volunteers in an online sheet, kept in another country. It had "
        "not assessed a thing. It brings the list back to a service based here.",
        "You are choosing an online tool for your volunteers. What should you ask first?",
        (
            Choice(
                "Where the data will be kept.",
                "The answer tells you if you need an assessment and an agreement before you start.",
            ),
            Choice(
                "If it is free.",
                "Price counts, but a free tool may keep your lists very far away. First ask where.",
            ),
            Choice(
                "If it looks nice.",
                "That is pleasant, but the law looks elsewhere: at where the information goes.",
            ),
        ),
    ),
    "same-words": CardText(
        "The same word for the same thing",
        (
            "Two lists add up only if their words mean the same thing. For one group, cold means "
            "four degrees; for another, eighteen below. And 03/04 falls in March or in April, "
            "based on who reads it. Add them up, and the sum is false.",
            "Settle it once, together. Choose the words and say what they mean. Always write dates "
            "in the same order: year, month, day. State the units. Keep an open format that any "
            "software can read. Then numbers can travel, and you can change your tools without "
            "doing all the work again.",
        ),
        "A food bank counts crates, a kitchen counts kilos. Together, they know nothing. Now they "
        "write down both, and how much a crate weighs on average.",
        "How do you write April 3, 2026 so that another tool reads it without a mistake?",
        (
            Choice(
                "03/04/26",
                "Based on who reads it, that is April 3 or March 4.",
            ),
            Choice(
                "Next Friday",
                "By tomorrow, that may be a different day.",
            ),
            Choice(
                "2026-04-03",
                "Year, month, day: that order reads only one way, and it sorts well.",
            ),
        ),
    ),
    "take-along": CardText(
        "Leaving with your data",
        (
            "You can ask for the computerized information that you gave about yourself, in a "
            "common, structured format. This is the right to portability, in force since September "
            "2024. You can also ask that it go to someone who is allowed by law to collect it.",
            "The right is about what the person gave, not what was worked out or guessed about "
            "them. The same thought holds for a group: a tool that hands your data back leaves you "
            "free, and a tool that holds on to it has a hold on you. So try the way out before you "
            "go in.",
        ),
        "A volunteer moves to another group. He asks for the shifts and the courses that he had "
        "typed in himself. He gets a file that any spreadsheet can open.",
        "What is in the file that this right gives you?",
        (
            Choice(
                "The score that the group worked out about the person.",
                "A score is not something they gave. This right does not reach it.",
            ),
            Choice(
                "What the person gave.",
                "In a common format, so that they can use it somewhere else.",
            ),
            Choice(
                "The data of the whole team.",
                "You have a right to what is about you, not about others.",
            ),
        ),
    ),
    "say-it-first": CardText(
        "Say it before you ask",
        (
            "When you collect information from someone, you tell them in simple words what it is "
            "for and how it is collected. You tell them that they can see it, have it corrected, "
            "and take their yes back. Where it applies, you say who will get it, and whether it "
            "may leave Québec.",
            "A good notice fits on one page and answers the real questions. Who will read my name? "
            "How long do you keep it? Who do I complain to? If it takes a lawyer to understand it, "
            "write it again.",
        ),
        "At the kitchen door, a sheet says: your phone number is there to reach you if the "
        "schedule changes. Only Amina sees it. We erase it when the season ends.",
        "When do you tell a volunteer what her phone number is for?",
        (
            Choice(
                "When you ask her for it.",
                "Then she knows what she is saying yes to.",
            ),
            Choice(
                "When she complains.",
                "By then it is too late: she answered without knowing.",
            ),
            Choice(
                "Never, if the reason is a good one.",
                "A good reason can be said out loud. That is what earns trust.",
            ),
        ),
    ),
    "who-answers": CardText(
        "Someone who answers",
        (
            "The law wants someone to answer for personal information. If nobody is named, it is "
            "the person with the highest authority. They may pass this role on in writing. Their "
            "title and how to reach them are posted on the website, or in some other way if there "
            "is no site.",
            "When someone asks to see or correct what you hold about them, you reply in writing "
            "within thirty days. Silence counts as a no, and they may then turn to the Commission "
            "d’accès à l’information. A title and a phone number are worth more than a fine policy "
            "that no one follows.",
        ),
        "On the site of a meal service, it says: about your information, ask for the director, "
        "line 2. A woman calls to see her file. She has it within the week.",
        "Nobody has been named in your group. Who is in charge?",
        (
            Choice(
                "Nobody.",
                "The law leaves no empty seat: it is the person with the highest authority.",
            ),
            Choice(
                "The volunteer who runs the computer.",
                "Not unless it is in writing. If it is not, it is the highest authority.",
            ),
            Choice(
                "The person with the highest authority.",
                "They may then pass this role on to someone, in writing.",
            ),
        ),
    ),
}
