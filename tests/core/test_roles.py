"""What a column means by its name, and near twins of such names that mean nothing of the kind."""

from __future__ import annotations

import pytest

from presend.model import Role, role_of

MEANS = {
    Role.RELATIONSHIP: (
        "wife_name",
        "Husband Name",
        "spouse",
        "partner_birthday",
        "SPOUSE_AGE",
        "wife's name",
        "girlfriend",
    ),
    Role.CHILD: ("son_name", "daughterName", "Kid Age", "child_birthday", "kids_names", "child_first_name"),
    Role.PET: ("dog_breed", "dog_name", "Cat Age", "pet_birthday", "petName", "PET_TYPE", "Name des Hundes", "chien"),
    Role.POSSESSION: (
        "house_type",
        "home_type",
        "car_brand",
        "car_year",
        "vehicle_year",
        "bike",
        "Bike Brand",
        "myCar",
    ),
    Role.OTHER: (
        *("carrier", "carrier_name", "card_type", "catalog", "category", "cat_id", "petition", "petition_name"),
        *("kind", "via", "preferred_contact_method", "nominee", "ortho", "Punktzahl", "chat"),
        *("dogma", "childproof", "season", "reason", "partnership", "midwife_clinic", "household", "bikeshed"),
    ),
    Role.FIRST_NAME: ("first_name", "FNAME", "firstname", "First Name", "Prénom", "NOMBRE", "Förnamn", "Имя"),
    Role.LAST_NAME: ("last_name", "LNAME", "surname", "apellidos", "Nom de famille", "Příjmení", "soyadı"),
    Role.FULL_NAME: ("full_name", "displayName", "Nombre completo"),
    Role.PHONE: ("telephone", "Téléphone", "Handynummer"),
    Role.PREFERENCE: ("favourite_store", "preferred_store", "Lieblingsfarbe"),
    Role.BIRTHDAY: ("birthday", "BIRTHDAY", "date_of_birth"),
    Role.COMPANY: ("company_name", "Firma", "société"),
    Role.ADDRESS: ("street_address", "Address Line 1", "address1", "zip_code", "Straße", "ciudad", "Code postal"),
}


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, names in MEANS.items() for name in names])
def test_name_has_its_role(role: Role, name: str) -> None:
    """The column's name alone tells, and so does a label where the name says nothing."""
    assert role_of(name) is role
    assert role_of("MMERGE7", name) is role
