"""Country names as Klaviyo and shops write them, as ISO 3166-1 codes."""

from __future__ import annotations

import re

_TABLE = """
AD Andorra|AE United Arab Emirates|AE UAE|AF Afghanistan|AG Antigua and Barbuda|AL Albania|AM Armenia|AO Angola
AR Argentina|AT Austria|AT Österreich|AU Australia|AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados|BD Bangladesh
BE Belgium|BE België|BE Belgique|BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|BJ Benin|BM Bermuda|BN Brunei
BN Brunei Darussalam|BO Bolivia|BR Brazil|BR Brasil|BS Bahamas|BS The Bahamas|BT Bhutan|BW Botswana|BY Belarus
BZ Belize|CA Canada|CF Central African Republic|CH Switzerland|CH Schweiz|CH Suisse|CI Ivory Coast|CI Côte d'Ivoire
CL Chile|CM Cameroon|CN China|CO Colombia|CR Costa Rica|CU Cuba|CV Cape Verde|CV Cabo Verde|CY Cyprus|CZ Czechia
CZ Czech Republic|DE Germany|DE Deutschland|DJ Djibouti|DK Denmark|DK Danmark|DM Dominica|DO Dominican Republic
DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ER Eritrea|ES Spain|ES España|ET Ethiopia|FI Finland|FI Suomi|FJ Fiji
FO Faroe Islands|FR France|GA Gabon|GB United Kingdom|GB UK|GB Great Britain|GB England|GB Scotland|GB Wales
GB Northern Ireland|GD Grenada|GE Georgia|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia|GN Guinea
GQ Equatorial Guinea|GR Greece|GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong|HN Honduras|HR Croatia
HR Hrvatska|HT Haiti|HU Hungary|ID Indonesia|IE Ireland|IE Republic of Ireland|IL Israel|IM Isle of Man|IN India
IQ Iraq|IR Iran|IS Iceland|IT Italy|IT Italia|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan
KH Cambodia|KI Kiribati|KM Comoros|KN Saint Kitts and Nevis|KP North Korea|KR South Korea|KR Korea, Republic of
KR Republic of Korea|KW Kuwait|KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|LC Saint Lucia|LI Liechtenstein
LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova
ME Montenegro|MG Madagascar|MH Marshall Islands|MK North Macedonia|MK Macedonia|ML Mali|MM Myanmar|MM Burma|MN Mongolia
MO Macau|MO Macao|MR Mauritania|MT Malta|MU Mauritius|MV Maldives|MW Malawi|MX Mexico|MX México|MY Malaysia
MZ Mozambique|NA Namibia|NE Niger|NG Nigeria|NI Nicaragua|NL Netherlands|NL The Netherlands|NL Nederland|NO Norway
NO Norge|NP Nepal|NR Nauru|NZ New Zealand|OM Oman|PA Panama|PE Peru|PE Perú|PG Papua New Guinea|PH Philippines
PK Pakistan|PL Poland|PL Polska|PR Puerto Rico|PS Palestine|PT Portugal|PW Palau|PY Paraguay|QA Qatar|RO Romania
RS Serbia|RU Russia|RU Russian Federation|RW Rwanda|SA Saudi Arabia|SB Solomon Islands|SC Seychelles|SD Sudan
SE Sweden|SE Sverige|SG Singapore|SI Slovenia|SK Slovakia|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia
SR Suriname|SS South Sudan|ST Sao Tome and Principe|SV El Salvador|SY Syria|SZ Eswatini|TD Chad|TG Togo|TH Thailand
TJ Tajikistan|TL Timor-Leste|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey|TR Türkiye|TT Trinidad and Tobago|TV Tuvalu
TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|US United States|US United States of America|US USA|US U.S.A.|US U.S.
UY Uruguay|UZ Uzbekistan|VA Vatican City|VC Saint Vincent and the Grenadines|VE Venezuela|VN Vietnam|VN Viet Nam
VU Vanuatu|WS Samoa|XK Kosovo|YE Yemen|ZA South Africa|ZM Zambia|ZW Zimbabwe|CD Democratic Republic of the Congo
CG Republic of the Congo
"""

_NAMES = {entry[3:].casefold(): entry[:2] for line in _TABLE.split("\n") for entry in line.split("|") if entry}
_CODES = frozenset(_NAMES.values())
_STATE = re.compile(r"[A-Za-z]{2}\Z")


def country_code(name: str) -> str | None:
    """The ISO 3166-1 code of a country as people write it, or None when it is not certain (Congo, Korea)."""
    folded = name.strip().casefold()
    if folded.upper() in _CODES:
        return folded.upper()
    return _NAMES.get(folded)


def region_code(name: str, country: str | None) -> str:
    """`US-TX` for a state's two letters in the US and Canada; any other region as it is written."""
    return f"{country}-{name.upper()}" if country in ("US", "CA") and _STATE.match(name) else name
