# ruff: noqa: SIM905 - lists of this length are easier to read as prose
"""The words that made-up people and accounts consist of, in many languages; shared with nothing that judges them."""

from __future__ import annotations

GIVEN = (
    "Alice Beatrix Cedric Duncan Edith Fergus Gwendolyn Harriet Imogen Jasper Kenneth Lorna Morag Nigel Olive "
    "Prudence Quentin Rosalind Stuart Tabitha Ursula Vernon Winifred Ansgar Birte Detlef Elke Friedhelm Gudrun "
    "Heiko Ilse Jörg Käthe Lüder Meike Norbert Ortrud Rüdiger Sönke Uwe Wiebke Aurélie Benoît Chloé Delphine Étienne "
    "Françoise Gaëlle Hélène Jérôme Loïc Maëlys Noémie Océane Raphaël Solène Thibault Yves Álvaro Begoña Candelaria "
    "Íñigo Jesús Leocadia Nuño Paloma Rocío Soledad Xiomara João Conceição Inês Luís Tomás Alessio Chiara Donatella "
    "Fiammetta Giacomo Ludovica Niccolò Sjoerd Femke Joost Marijke Teun Wietske Agnieszka Bożena Czesław Grażyna "
    "Łucja Mieczysław Stanisława Wojciech Zdzisław Božena Čeněk Dušan Jiří Květa Ondřej Růžena Štěpán Zdeňka Attila "
    "Ágnes Béla Csilla Györgyi Ödön Zsófia Åse Bjørn Gunnhild Håkon Ingrid Kjetil Øyvind Sigrún Þórdís Ásdís Aino "
    "Jyrki Päivi Väinö Ülle Jānis Dzintra Žydrūnas Aušra Ayşe Çağla Gökhan İbrahim Nilüfer Özlem Şebnem Tuğba Nil "
    "Adaeze Chukwuemeka Ifeoma Ngozi Olúfẹ́mi Yetunde Kwabena Abena Thandiwe Sipho Nomvula Wanjiru Aminata Ousmane "
    "Sunday Precious Hyacinth Xi Yu Jing Li Wei Zhihao Meiling Haruto Sakura Yūki Rei Minjun Seoyeon Jiwoo Nguyệt "
    "Thuý Đức Huyền Quỳnh Ananya Devendra Lakshmi Gurpreet Harshvardhan Jyoti Fatemeh Behrouz Shirin Yusuf Maryam "
    "Abd-al-Rahman Noor Tamar Yael Nino Ketevan Ani Hovhannes Kaʻiulani Leilani Aroha Tāne Caoimhe Niamh Oisín "
    "Siobhán Dafydd Llinos Bo Jo Al Ed Ty Mo Io Ng'ang'a D'Arcy O'Neal Jean-Baptiste Anne-Sophie Karl-Heinz "
    "Mary-Kate LeRoy DeShawn LaToya MacKenzie McKinley JoAnn RuPaul AJ TJ 伟 美玲 さくら 大輔 민준 Дмитрий Людмила "
    "Ярослава Ξένια Γιώργος فاطمة يوسف שירה नेहा สมชาย"
).split()

SURNAMES = (
    "Abernathy|Blackwood|Cholmondeley|Featherstone|Haverford|Nightingale|Pemberton|Thistlewood|Whitlock|O'Shaughnessy"
    "|O’Dowd|MacGillivray|McAllister|FitzGerald|D'Angelo|d'Aubigny|de la Cruz|de Souza Lima|del Río|da Silva|dos Santos"
    "|van der Velde|van 't Hoff|Vandenbroucke|ter Horst|von Ahlefeldt|zu Rantzau|Müller-Lüdenscheid|Großkreutz|Süßmilch"
    "|Ångström|Bjørnstad|Lindqvist|Þorsteinsdóttir|Hämäläinen|Kõiv|Bērziņš|Kazlauskienė|Wiśniewska|Brzęczyszczykiewicz"
    "|Dvořáková|Čapek|Szabó|Kovács-Nagy|Ionescu|Petrović|Şahin|Yıldırım|Papadopoulou|Nguyễn|Trần|Xi|Ng|Li|Oh|Wu|Yamamoto"
    "|Ōkubo|Kim|Park|Adeyemi-Okoro|Nkemelu|Mbatha|Diallo|Haile|bin Rashid|Al-Khatib|Ben-Ami|Ter-Petrosyan|Chatterjee"
    "|Ramanathan|Kaur|ʻAkana|Te Rangi|Núñez|Ibáñez|L'Écuyer|Saint-Exupère|Le Goff|Du Pré|王|佐藤|김|Кузнецова|Παπαδάκη"
).split("|")

PLACES = (
    ("GB", "Kirkcaldy Aberystwyth Stow-on-the-Wold Bury King's_Lynn Test_Valley"),
    ("DE", "Görlitz Düren Bad_Oldesloe Hof Essen"),
    ("FR", "L'Haÿ-les-Roses Sète Aix-en-Provence Y"),
    ("NL", "'s-Hertogenbosch Den_Haag Zoetermeer"),
    ("IT", "None L'Aquila Cefalù"),
    ("ES", "A_Coruña Écija Cádiz"),
    ("US", "Truth_or_Consequences Duluth Walla_Walla St._Louis Boring"),
    ("PL", "Łódź Świnoujście"),
    ("NO", "Å Tromsø"),
    ("JP", "Ōita 京都"),
    ("NG", "Abeokuta Ilé-Ifẹ̀"),
    ("BR", "São_João_del-Rei Ijuí"),
)

FIRMS = (
    "Nordlicht Logistik GmbH|Harbor & Pine LLC|Kestrel Robotics Ltd|Boulangerie Petit Four SARL|Fratelli Ombra S.p.A."
    "|Quartz Meadow Inc.|Blauwe Molen B.V.|Taller Girasol S.L.|Sunrise Dental Clinic|Ocean County Plumbing Co."
    "|ZUNDA AG|plumea|Åkerlund & Söner AB|3rd Street Bakery|Wren + Oak Studio|Ikebana Foods K.K.|Vento Sp. z o.o."
).split("|")

PETS = "Biscuit Schnuffel Mochi Fígaro Pumpernickel Luna Bébert Kiki Zorro Tofu Waffle Nala Rex".split()
CARS = "Corvane 3|Bellwether Estate|Piccolo EV|Strada 1.6|Murmur GT|Oxbow Pickup|Tern Cabriolet".split("|")
JOBS = (
    "Bookkeeper|Head of Procurement|Florist|Ingénieure qualité|Tierärztin|Site manager|VP Sales|Concierge|QA lead"
).split("|")
SHOPS = ("Harbour Street", "Old Mill", "Market Hall", "Station Arcade", "Hill Road")
TIERS = ("Copper", "Silver", "Gold")
TOPICS = "Teas|Recipes & Rituals|Workshops|Ceramics|New arrivals".split("|")
LIKES = "oolong,kites,linen,maps,marmalade,cycling,felt,enamel".split(",")
FALLBACKS = ("there", "friend", "reader", "neighbour", "you", "tea lover")

JUNK = (
    "qwerty",
    "asdfgh",
    "asdf",
    "n/a",
    "N/A",
    "xxxx",
    "test",
    "Test",
    "TEST",
    "unknown",
    "none",
    "null",
    "-",
    "--",
    "???",
    ".",
    "12345",
    "aaaa",
    "fill in later",
    "keep off the phone list",
    "no letters please!!",
    "duplicate of other record",
    "called twice, very rude",
    "ex customer - ask Petra first",
    "deceased, do not contact",
    "dummy",
    "typed by the intern",
)
"""What people type who do not want to say, and what colleagues write into the wrong box."""

TEMPLATED = (
    "{{ first_name }}",
    "*|FNAME|*",
    "{{contact.firstname}}",
    "%%FIRST_NAME%%",
    "{% firstname %}",
    "*|LNAME|*",
)
"""Tags of this or another system, imported as values (catalogue row 69)."""
