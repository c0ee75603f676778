"""Frames for words that are somebody's, and not said to the reader."""

from __future__ import annotations

QUOTED = (
    'The parrot above the till has learnt to say: "{}"',
    '"{}" That was the subject line of a phishing mail last month.',
    'Our competitor writes to everybody: "{}" We do not.',
    'One of our readers collects subject lines. The latest: "{}"',
    '"{}" – words from a mail that our founder got in 1998, and framed.',
    'Marketing students were asked to improve this line: "{}"',
    'The worst subject lines of the year, number three: "{}"',
    'The old advertisement on the wall still says "{}".',
    'Ilse collects odd mail. Her favourite: "{}"',
    'Beware of texts that read "{}" and ask for your bank details.',
    "He opened the envelope. “{}”, it said, and nothing else.",
    'A colleague once sent "{}" to the whole company by mistake.',
    '"{}" reads the sign on a shop that closed in 1954.',
    "In the film, the hero gets a letter that says: “{}”",
    "A poem made of advertisements begins: “{}”",
    '"{}" was voted the dullest marketing line of the decade.',
    'The tram\'s speaker said: "{}" Nobody looked up.',
    "Our English class analysed the sentence “{}” this week.",
    'The template that came with the software said: "{}" We deleted it.',
    'An email to our office cat began: "{}"',
    'Scam of the month: mails that say "{}" and want a password.',
    "The museum shows a telegram with the words “{}”.",
    'The answering machine of the ferry says: "{}"',
    "“{}” Would you open a mail like that? Take our quiz.",
)
