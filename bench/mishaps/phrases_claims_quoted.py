"""Frames for words that are somebody's, and not said to the reader."""

from __future__ import annotations

QUOTED = (
    'The parrot above the till has learnt to say: "{}"',
    '"{}" So begins the letter that Edith found in an old kettle.',
    'Our competitor writes to everybody: "{}" We do not.',
    'A robot sent this to our cat: "{}"',
    '"{}" – words from a mail that our founder got in 1998, and framed.',
    "In the play, the grocer turns to the lamp post and says: “{}”",
    'The worst subject lines of the year, number three: "{}"',
    "“{}” That is what a bank wrote to Jasper, who has no account there.",
    'Ilse collects odd mail. Her favourite: "{}"',
    'What not to write to anybody, says the handbook: "{}"',
    "He opened the envelope. “{}”, it said, and nothing else.",
    'The comedian read the mail aloud: "{}" The hall laughed for a minute.',
    '"{}" reads the sign on a shop that closed in 1954.',
    'The apprentice had to translate: "{}"',
    "A poem made of advertisements begins: “{}”",
    "„{}“ stand auf der Karte, die Elke im Zug fand.",
    'The tram\'s speaker said: "{}" Nobody looked up.',
    'Somebody wrote on the wall of the mill: "{}"',
    'The template that came with the software said: "{}" We deleted it.',
    '"{}" is the first line of a novel that nobody finished.',
    'Scam of the month: mails that say "{}" and want a password.',
    "When the old lady read “{}” she laughed, and kept the letter.",
    'The answering machine of the ferry says: "{}"',
    'In the exhibition hangs a letter of 1931: "{}"',
)
