"""The copy of letters without a fault: four in five are English throughout, the others mix languages."""

from __future__ import annotations

SUBJECTS = (
    "Kettles on: what the autumn flush tastes like",
    "[Update] The kiln room opens at ten from Monday",
    "20 % more linen, the same old loom",
    "Issue #48 — maps, moss & a marmalade recipe",
    "[RSVP] Open workshop, 50% of the seats are left",
    "3 < 4: why our smallest pot pours best",
)
SUBJECTS_ABROAD = (
    "[Berlin] Ein Abend mit Papier und Leim",
    "Les bols bleus sont de retour (et les verts aussi)",
    "Nueva temporada: barro, agua y paciencia",
    "Zwölf Tassen {handbemalt} – keine wie die andere",
)
PREVIEWS = (
    "A short letter about leaves, steam and a mended roof.",
    "Inside: opening hours, a pattern to print, one apology [1].",
    "Read it with a cup of something warm.",
    "",
)
PREVIEWS_ABROAD = (
    "Mit einem Rezept von nebenan und 2 Terminen.",
    "Trois idées pour la table, et un peu de bleu.",
)
PARAGRAPHS = (
    "The harvest came late this year, and the leaves are the better for it: slower, darker, less in a hurry.",
    "We have moved the drying racks to the loft. If the floor creaks above your head, that is oolong.",
    "Our potters asked [sic] for a week without orders, and used it to build a second kiln.",
    "The table below lists what is on the shelves. Prices hold until the boxes are empty.",
    "Two of the bowls cracked in the last firing. We kept them; one is now a bird bath.",
    "Please note (this is the only small print): parcels leave the yard on Tuesdays and Fridays.",
    "A reader wrote to us that steam is just a kettle thinking aloud. We have printed that on a tea towel.",
    "The footnotes are back by popular demand [1], and so is the crossword [2].",
    "Measurements are given as {width, height} in centimetres, rounded as a baker would.",
)
PARAGRAPHS_ABROAD = (
    "Das Lager ist wieder voll; wer vorbeikommt, darf an jeder Dose riechen, auch an der mit dem Lapsang.",
    "Der Laden in der Gasse bleibt bis 18:30 Uhr geöffnet, samstags nur solange der Kuchen reicht.",
    "Le nouvel émail tient mieux la chaleur : 12 % de plus, disent nos mesures, un peu moins, disent nos doigts.",
    "Este mes hemos cambiado el papel por uno reciclado al 100 %; huele a biblioteca y se dobla sin quejarse.",
)
