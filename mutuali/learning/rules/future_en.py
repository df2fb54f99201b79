"""Cards on data for a better future: access, participation, trials, transition; in English."""

from collections.abc import Mapping

from mutuali.learning.rules.card import CardText, Choice

FUTURE_EN: Mapping[str, CardText] = {
    "by-phone": CardText(
        "And without the Internet?",
        (
            "A service that is only online shuts the door on those with no computer, no data plan "
            "or no habit of it. The Charter asks for the reverse: access for all.",
            "So keep another way in, as good as the first: a phone that someone picks up, a sheet "
            "to fill in, a person who helps on the spot. What is noted that way follows the same "
            "rules: the same notice, the same care, the same end date. And do not ask more of "
            "those who come to the counter than of those who click. One way in is never enough for "
            "everyone.",
        ),
        "A seniors’ club books the cold room by phone. The coordinator reads the notice out loud, "
        "fills in the request with them, then sends the answer by post.",
        "A woman with no Internet wants to borrow tables. What should you do?",
        (
            Choice(
                "Tell her to come back with someone who has a phone.",
                "The door is still shut. She should not need someone else in order to ask.",
            ),
            Choice(
                "Take her request out loud, under the same rules.",
                "Same notice, same care, same end date: only the way in is different.",
            ),
            Choice(
                "Jot it on a scrap of paper and explain nothing.",
                "She has a right to the same notice as those who click, and that paper to the same "
                "care.",
            ),
        ),
    ),
    "plain-words": CardText(
        "Making yourself clear",
        (
            "A page that people cannot follow is a closed door. The law itself asks for clear and "
            "simple words when you collect information or ask for a yes. Short sentences, everyday "
            "words, one idea at a time: that is enough.",
            "Think also of those who read in other ways. If you listen to a page, you need real "
            "headings and a sentence for each picture. If you see poorly, you need contrast. If "
            "all you have is a phone, you need a light page. What helps one of them helps almost "
            "everyone.",
        ),
        "“Temperature-controlled vehicle with lift gate” becomes “refrigerated truck, with a "
        "platform that lifts pallets”. It is easier to borrow what you understand.",
        "How can you tell if a notice is clear?",
        (
            Choice(
                "Have someone new to it read it, and listen.",
                "Where they pause, the sentence needs more work.",
            ),
            Choice(
                "Count the learned words: the more, the better.",
                "It is the reverse: each learned word loses readers.",
            ),
            Choice(
                "Have the director approve it.",
                "The director knows it by now. Ask someone who sees it for the first time.",
            ),
        ),
    ),
    "ask-first": CardText(
        "Ask before you build",
        (
            "The people that the data speaks of know it better than we do. Talk to them before you "
            "choose what to collect, not after. Three talks often save you from a bad form.",
            "Invite those it touches: volunteers, drivers, cooks, people who get the meals. Say "
            "what has been decided and what has not; nothing makes people more angry than a "
            "question with no choice in it. Pick a time when they can come. Offer child care or a "
            "meal. And write down what is said, without who said it.",
        ),
        "The plan was to track each truck by the minute. The drivers said: you only need to know "
        "if it is back. One button took the place of tracking, and nobody is spied on.",
        "When is the best time to ask people?",
        (
            Choice(
                "When the tool is done.",
                "By then not much can change, and people can feel it.",
            ),
            Choice(
                "When someone complains.",
                "Do listen to them, but three talks at the start would have spared you that.",
            ),
            Choice(
                "Before you choose what to collect.",
                "That is when a good idea costs the least and changes the most.",
            ),
        ),
    ),
    "you-said": CardText(
        "You said it, here is what came of it",
        (
            "To ask for a view is to owe a reply. Silence teaches people that it is no use to "
            "speak. The next time, they stay home.",
            "Reply in public, within the time that you announced. Say what you heard, what you "
            "will change, what you will not change, and why. A no with its reason is worth more "
            "than a yes that is forgotten. Do not publish the names of those who spoke unless they "
            "wish it. Then come back six months later, and see if the change has held.",
        ),
        "Some kitchens found the return sheet too long. A month later, a poster says: it goes from "
        "twenty boxes to six. The photo stays, since it saves us a few quarrels.",
        "Someone has an idea that you will not use. What should you do?",
        (
            Choice(
                "Say nothing, so as to hurt no one.",
                "Silence hurts too: it says that there is no use in speaking.",
            ),
            Choice(
                "Say no, and say why.",
                "A no with its reason keeps trust, and the idea may come back in a new form.",
            ),
            Choice(
                "Promise to think of it some day.",
                "A forgotten yes costs more than a no with its reason.",
            ),
        ),
    ),
    "small-trial": CardText(
        "A trial, within limits",
        (
            "You may try something new, but not without limits. A good trial says in advance what "
            "you want to learn, how long it lasts, who takes part and what would make it stop.",
            "If the new tool touches personal information, the law asks for a privacy impact "
            "assessment. You do it with the person in charge, from the start of the project. Its "
            "size follows the risk: at times, one page will do. It helps you find a gentler way, "
            "such as made-up data or plain totals. At the end, really decide: keep it, change it "
            "or drop it.",
        ),
        "A network wants to know when its fridges will break down. It starts with three fridges "
        "and eight weeks, and only how cold they are. Not one name is part of the trial.",
        "When do you assess a new tool that touches personal information?",
        (
            Choice(
                "At the start of the project.",
                "That is when you can still choose a gentler way without starting over.",
            ),
            Choice(
                "After the first complaint.",
                "The harm is done. The law asks for it from the start.",
            ),
            Choice(
                "Never, if it is only a trial.",
                "A trial touches real people. It can be small, and the assessment short.",
            ),
        ),
    ),
    "machine": CardText(
        "When a machine decides",
        (
            "A program can rank requests or turn down a loan. It is fast, but it repeats what it "
            "was shown, unfair things too.",
            "The law is clear. If a machine alone decides about a person, based on their personal "
            "information, you tell them so no later than when you give them the decision. If they "
            "ask, you say what was used, why, and that they can have it corrected. They must be "
            "able to speak to someone who can review it. It is often best that the machine "
            "suggests and a person decides.",
        ),
        "A tool drops a driver who was late twice. The coordinator checks: the truck had broken "
        "down. She corrects it, and has the rule changed.",
        "A program alone turns down a volunteer. What is he entitled to?",
        (
            Choice(
                "Nothing: the machine makes no mistakes.",
                "It makes mistakes like those who built it. The law gives a way to be heard.",
            ),
            Choice(
                "To know it, and to speak to someone who can review it.",
                "And if he asks, to know what was used and why.",
            ),
            Choice(
                "To a copy of the program.",
                "The law does not go that far. It gives the reasons, and someone to talk to.",
            ),
        ),
    ),
    "weight": CardText(
        "The weight of data",
        (
            "Data has a weight. It takes machines to keep it, power to run them, at times water to "
            "cool them. One large photo weighs as much as thousands of lines of text.",
            "You can make it lighter and lose nothing of use. Shrink the photos. Clear out the old "
            "files once a year. Keep your devices longer, since making one often pollutes more "
            "than using it for years. Choose a light page over a video. And ask the question that "
            "comes first: do we really need this data at all?",
        ),
        "Each time a truck came back, ten photos were kept at full size. Now it is three, and "
        "smaller. You can see the dent just as well.",
        "How can you make it lighter and lose nothing of use?",
        (
            Choice(
                "Buy a new device.",
                "To make one pollutes. A device that is kept longer weighs less.",
            ),
            Choice(
                "Keep two copies of everything.",
                "A backup is useful, but two of everything weighs twice as much.",
            ),
            Choice(
                "Shrink the photos, and clear out what is no longer used.",
                "You keep what is useful, and all the rest stops costing.",
            ),
        ),
    ),
    "fewer-trips": CardText(
        "Data that saves trips",
        (
            "Data weighs, but it can also lighten the load. To know who goes where, and when, lets "
            "you fill one truck in place of running two. That means less fuel, less noise in the "
            "street, and less food thrown out.",
            "It takes very little: a part of town, a half-day, the room that is left. Not the "
            "exact address, not the driver’s name, not the route by the minute. Then measure what "
            "changed, and say how you counted. A green number without its method proves nothing, "
            "and one day somebody will ask for it.",
        ),
        "A truck comes back from Lachine half empty on Tuesdays. A kitchen in LaSalle hears of it "
        "and puts its crates on board. That is one trip less each week, and not one address made "
        "public.",
        "What do you need to post to share a trip?",
        (
            Choice(
                "The part of town, the half-day and the room left.",
                "That is enough to find each other. The rest is between the two groups.",
            ),
            Choice(
                "The name and phone number of the driver.",
                "Nobody needs those to see if there is room.",
            ),
            Choice(
                "The exact route, live.",
                "That is tracking someone. The part of town and the half-day are enough.",
            ),
        ),
    ),
}
