"""Cards on what protects people: privacy, inclusion, security, consent, sobriety; in English."""

from collections.abc import Mapping

from mutuali.learning.rules.card import CardText, Choice

RIGHTS_EN: Mapping[str, CardText] = {
    "no-name": CardText(
        "No name, yet people know it is you",
        (
            "Taking the names off a list is not enough. A place, a date and one rare detail often "
            "lead to a single person. Think of five dots on a page: four are grey, one is green. "
            "Your name is not on the green dot, but everyone sees it.",
            "These details are called quasi-identifiers: the part of town, the kind of thing lent, "
            "the month. Alone, they say nothing. Together, they point at someone.",
            "So do not ask whether the list holds names. Ask how many others could be this row. If "
            "the answer is none, the row stays here.",
        ),
        "A list says: refrigerated truck, Verdun, March. Only one group in Verdun lends such a "
        "truck. Its name is not there, but the people next door know at once.",
        "A list has no more names. What should you look at before it goes out?",
        (
            Choice(
                "Nothing more: with no names, it is safe.",
                "A place, a date and one rare detail are often enough to know who it is.",
            ),
            Choice(
                "The rare rows, the ones like no other.",
                "A rare row points at someone, even with no name. Blend it with others, or keep it "
                "here.",
            ),
            Choice(
                "The size of the file.",
                "In a large file, one row can still point at someone. What counts is how rare it "
                "is.",
            ),
        ),
    ),
    "two-words": CardText(
        "De-identified or anonymized?",
        (
            "Two words sound alike, and Québec law keeps them apart. Information is de-identified "
            "when it no longer lets you know the person directly. The name is gone, but other "
            "clues may lead back. It is still personal, and the law still protects it.",
            "It is anonymized when one can reasonably expect, at all times, that nobody will know "
            "the person from it, directly or through other clues, and that there is no way back. A "
            "regulation says how: a qualified person oversees the work, the risk is measured "
            "before and after, and a register is kept.",
        ),
        "A kitchen puts a number in place of each volunteer’s name. The days and hours stay. The "
        "list is de-identified, no more: whoever knows the schedule can find the people.",
        "A list of volunteers has numbers in place of names. What is it?",
        (
            Choice(
                "De-identified: the law still protects it.",
                "The name is gone, but other clues may lead back. Treat it as personal.",
            ),
            Choice(
                "Anonymized: it may be published.",
                "Not yet: whoever knows the schedule can find the people. It is only "
                "de-identified.",
            ),
            Choice(
                "Neither: a number changes nothing.",
                "A number does change something: it no longer names the person directly. The list "
                "is de-identified, and the law still protects it.",
            ),
        ),
    ),
    "who-is-missing": CardText(
        "Who is missing from your numbers?",
        (
            "A table shows only those who are in it. People with no phone, no Internet, or who "
            "speak another language are often left out. If you decide from that table, you forget "
            "them a second time, and no one sees it.",
            "Before you read a number, ask who could not get in. Then find another way to hear "
            "from them: a call, a visit, someone who translates. And when you do not know, write "
            "it beside the number. A gap with a name is more honest than a total that only looks "
            "complete.",
        ),
        "Trucks are booked online. A small group that cooks for older people never asks for one: "
        "nobody there has a computer. No request does not mean no need.",
        "One part of town asked for no cold room this year. What does that tell you?",
        (
            Choice(
                "It does not need one.",
                "Perhaps, but the number does not say so. Those in need may have had no way to "
                "ask.",
            ),
            Choice(
                "Its requests were lost.",
                "That may be, but nothing shows it. Ask the people there first.",
            ),
            Choice(
                "Nothing yet: someone has to go and ask.",
                "No request does not mean no need. A call or a visit will tell.",
            ),
        ),
    ),
    "labels": CardText(
        "A number can pin a label on people",
        (
            "A number can harm a whole group without naming anyone. Say that one street corner "
            "loses the most gear, and everyone who lives there will be watched.",
            "The Charter asks for fairness, and for a stand against discrimination. So before you "
            "publish, read the sentence again from the side of those it speaks of. Is the area so "
            "small that people can tell who it is? Does a word hurt? Does the number blame people, "
            "or a lack of means? Most of the time, a larger area and a sentence that gives the "
            "cause are all it takes.",
        ),
        "A report said: this area brings trucks back late. Someone checked, and wrote: in this "
        "area, one truck serves six kitchens. It is closer to the truth, and it points at no one.",
        "A table names the three streets where the most bins are lost. What should you do before "
        "it is published?",
        (
            Choice(
                "Use larger areas, and say why bins get lost.",
                "The reader sees the cause, and no one is pointed at.",
            ),
            Choice(
                "Publish it: there is no name in it.",
                "Even with no name, it pins a label on those who live there.",
            ),
            Choice(
                "Take the title off.",
                "The streets are still there. The harm comes from the small area and the missing "
                "cause.",
            ),
        ),
    ),
    "own-account": CardText(
        "One account for each person",
        (
            "A shared password is no longer a secret. Nobody knows who did what, and whoever "
            "leaves takes it along. One account for each person solves both: you see who acts, and "
            "you can close one account without troubling the others.",
            "Add a second step: a code on your phone, or a passkey. A stolen password is then not "
            "enough. And close the accounts of those who leave, the same day. Many leaks are not "
            "clever at all: an old account, a weak password, a link that someone opened too fast.",
        ),
        "Three volunteers share one login in the kitchen. One of them moves to another group in "
        "the spring. In summer he can still read where meals are delivered. No one thought of it.",
        "A coordinator goes on leave. How does the person who steps in work?",
        (
            Choice(
                "With the coordinator’s password.",
                "Nobody would know who did what, and the secret would be a secret no more.",
            ),
            Choice(
                "With an account of her own, and the rights she needs.",
                "You see who acts, and you take those rights back later without troubling anyone.",
            ),
            Choice(
                "With a common account, to keep it simple.",
                "A common account stays open to all who ever knew it, even once they are gone.",
            ),
        ),
    ),
    "lost-list": CardText(
        "A lost list: what now?",
        (
            "An e-mail goes to the wrong address. A tablet is gone. Someone reads a file without "
            "the right to. The law calls this a confidentiality incident. It happens to the best; "
            "the worst is to keep quiet.",
            "First, limit the harm: recall the message, change the password. Next, with the person "
            "in charge, judge whether there is a risk of serious injury. If so, tell the "
            "Commission d’accès à l’information and the people affected, and be quick about it. In "
            "every case, write it in the register, which is kept for at least five years.",
        ),
        "The list of volunteers, with phones and allergies, was left in the borrowed truck. You "
        "call the lender, take the sheet back, note the incident and weigh the risk.",
        "The sheet came back the next day, and no harm can be seen. What is left to do?",
        (
            Choice(
                "Nothing: all is well again.",
                "Someone may have read or copied it. An incident is noted even when it ends well.",
            ),
            Choice(
                "Tell the newspapers right away.",
                "That is not the first step. First judge the risk for the people on the list.",
            ),
            Choice(
                "Note it in the register, and judge the risk.",
                "The register holds every incident, and the risk says who must be told.",
            ),
        ),
    ),
    "free-yes": CardText(
        "A free yes, for one thing only",
        (
            "Consent counts when it is clear, free and informed. You know what is asked, by whom, "
            "why and for how long. You can say no and lose nothing. A box ticked in advance does "
            "not count, and neither does silence.",
            "It is asked for each purpose, in simple words. If it is in writing, it stands apart "
            "from the rest. A yes given for statistics is therefore no use for a mailing list. "
            "Whoever wants help to understand gets help. And a yes lasts only as long as it has "
            "to: after that, one asks again.",
        ),
        "“By borrowing the cold room, you agree to everything”: that yes is worth nothing. “May we "
        "count you in this year’s statistics, yes or no”: that one can be worth something.",
        "Your group said yes to statistics. A researcher wants the same data for a study. What is "
        "needed here?",
        (
            Choice(
                "A new yes, for the study.",
                "Here, a yes is for one purpose. For the study, the question is asked again.",
            ),
            Choice(
                "Nothing: you have said yes.",
                "That yes was for statistics. A study is another purpose, so one asks again.",
            ),
            Choice(
                "The researcher’s word.",
                "The researcher has to promise too, but it is your yes that opens the door.",
            ),
        ),
    ),
    "taken-back": CardText(
        "Taking a yes back",
        (
            "Whoever said yes may have a change of mind. Here, taking a yes back is as simple as "
            "giving it, and you need not say why. From then on, nothing new goes out.",
            "What has left is another matter. The agreement says what the partner must do with its "
            "copy, such as destroy it and say so in writing. You can ask for that; you cannot look "
            "inside its computer. What was published for all cannot be called back, and you are "
            "told so before you say yes. One also watches for a number that drops all at once: it "
            "would give away who left.",
        ),
        "A kitchen takes its yes back in May. The partner is told, destroys the file and says so. "
        "The table that all could read since April stays where it is.",
        "You take your yes back. What becomes of the file the partner got last month?",
        (
            Choice(
                "It wipes itself out.",
                "No software can erase a copy that someone else holds. You tell them, and insist.",
            ),
            Choice(
                "The partner is told, and does what the agreement asks.",
                "The agreement says what to do with the copy, and you can follow the answer here.",
            ),
            Choice(
                "Nothing: a yes cannot be taken back.",
                "A yes can be taken back at any time. That is why the agreement says what comes "
                "next.",
            ),
        ),
    ),
    "ask-less": CardText(
        "Ask for less",
        (
            "What you do not have cannot be lost or stolen. The law leans the same way: first you "
            "decide what the information is for, then you collect only what is needed for that.",
            "For each box on a form, ask three questions. What will we do with it? Who will read "
            "it? What happens if it stays blank? If no one can answer, the box goes. To say that "
            "it might be of use some day is no reason. It is a cost: someone will have to keep "
            "that box, guard it and correct it for years.",
        ),
        "To lend a truck, you need to know that the driver’s licence is valid. A birth date and a "
        "home address change nothing, so nobody writes them down.",
        "The volunteer form asks who is married. Nobody uses it. What should you do?",
        (
            Choice(
                "Keep the box: it might be of use.",
                "With no planned use it is not needed, and what is kept can be lost.",
            ),
            Choice(
                "Say that it may stay blank.",
                "People fill it in all the same. If it is of no use, it goes.",
            ),
            Choice(
                "Take the box out, and erase what you have.",
                "What you no longer have cannot be lost or stolen.",
            ),
        ),
    ),
    "letting-go": CardText(
        "Knowing when to destroy",
        (
            "Personal information has an end. Once the thing you asked it for is done, the law "
            "gives two ways: destroy it, or anonymize it for a serious and legitimate purpose. "
            "Keeping it just in case is not one of them. Another law may still make you keep it "
            "for a while, as with account books.",
            "So set the time on the day you collect it. Write it down, give it to someone, put a "
            "date in the calendar. To destroy is also to clear the copies: the e-mail, the USB "
            "key, the sheet in the drawer.",
        ),
        "The phone sheet of a work party holds twenty numbers. The work party was a year ago; the "
        "sheet is still on the wall of the cold room. It goes in the shredder.",
        "An event is over. What should you do with the list of those who came?",
        (
            Choice(
                "Destroy it on the planned day, copies too.",
                "It has done its work. The copies count as much as the list.",
            ),
            Choice(
                "Keep it to invite people to the next one.",
                "That is another purpose. First ask them if they want that.",
            ),
            Choice(
                "Send it to another group.",
                "That sends it on a trip when it should end, and nobody said yes to it.",
            ),
        ),
    ),
}
