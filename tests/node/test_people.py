import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from governance.errors import ContactInvalid
from governance.intake import Identity
from governance.people import Contact, ContactKind
from node import people, vault
from node.core import Collision
from node.models.people import ContactPoint, Person
from node.models.start import Community
from node.models.vault import ContentKey
from node.people import Newcomer
from tests.support.members import Statements
from tests.support.village import Village

MAIL = Contact(ContactKind.EMAIL, "ada@mailbox.example")


@pytest.fixture
def ash(either):
    return either.found("https://ash.example")


def add(node, name="Ada", contact=None):
    with node.begin() as tx:
        return people.add(node, tx, Newcomer("en", name, contact))


def person_of(node, person_id):
    with node.read() as tx:
        return tx.get_one(Person, person_id)


def points(node, person_id):
    with node.read() as tx:
        found = select(ContactPoint).where(ContactPoint.person_id == person_id)
        return tx.scalars(found.order_by(ContactPoint.created_at)).all()


def put_contact(node, person_id, found, *, verified=False):
    with node.begin() as tx:
        return people.add_contact(node, tx, person_id, found, verified=verified)


@pytest.mark.parametrize(
    ("typed", "region", "kind", "value"),
    [
        (" ada@Mailbox.Example ", None, ContactKind.EMAIL, "ada@mailbox.example"),
        ("+44 20 7946 0412", None, ContactKind.PHONE, "+442079460412"),
        ("020 7946 0412", "GB", ContactKind.PHONE, "+442079460412"),
        ("(030) 901820", "DE", ContactKind.PHONE, "+4930901820"),
    ],
)
def test_contacts_are_read_as_people_type_them(typed, region, kind, value):
    found = people.contact(typed, region)

    assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize("typed", ["", "Ada", "020 7946 0412", "+44", "+44 1", "a@"])
def test_what_is_no_contact_is_refused_with_a_sentence(typed):
    with pytest.raises(ContactInvalid):
        people.contact(typed)


@given(typed=st.text(max_size=40))
def test_whatever_is_typed_is_a_contact_or_refused(typed):
    try:
        found = people.contact(typed, "GB")
    except ContactInvalid:
        return

    assert people.contact(found.value) == found


def test_numbers_without_a_country_belong_to_the_communitys(ash):
    with ash.begin() as tx:
        tx.execute(update(Community).values(zone="Europe/Lisbon"))

    with ash.read() as tx:
        assert people.region(tx) == "PT"


def test_a_zone_of_no_country_helps_nobody(ash):
    with ash.read() as tx:
        assert people.region(tx) in {None, "001", "ZZ"}


def test_nobody_is_joined_by_likeness(ash):
    first, second = add(ash, contact=MAIL), add(ash, contact=MAIL)

    assert first != second
    assert points(ash, first)[0].digest == points(ash, second)[0].digest


def test_who_gives_a_contact_is_unverified_and_who_gives_none_anonymous(ash):
    assert person_of(ash, add(ash, contact=MAIL)).identity is Identity.UNVERIFIED
    assert person_of(ash, add(ash)).identity is Identity.ANONYMOUS


def test_names_and_contacts_are_sealed_and_come_back(ash):
    ada = add(ash, " Ada Canary ", MAIL)
    (point,) = points(ash, ada)
    cell = person_of(ash, ada).display_name

    with ash.read() as tx:
        assert people.contact_of(ash, tx, point) == MAIL
        assert people.name(ash, tx, ada, cell) == "Ada Canary"
    assert b"Canary" not in cell
    assert b"mailbox" not in point.value + point.digest


def test_one_name_is_at_most_a_line_long(ash):
    ada = add(ash, "x" * 500)

    with ash.read() as tx:
        assert people.names(ash, tx, {ada}) == {ada: "x" * 120}


def test_names_of_many_are_asked_for_at_once(ash):
    known = {add(ash, f"Member {one}"): f"Member {one}" for one in range(12)}
    nameless, stranger = add(ash, ""), add(ash, "Stranger")
    ids = {*known, nameless}

    with ash.read() as tx, Statements(ash) as said:
        found = people.names(ash, tx, ids)

    assert found == {**known, nameless: ""}
    assert len([one for one in said if one.startswith("SELECT")]) == 1
    assert stranger not in found


def test_asking_for_nobodys_name_is_no_question_about_somebody(ash):
    with ash.read() as tx:
        assert people.names(ash, tx, set()) == {}


def test_an_erased_person_has_no_name_and_no_contact(ash):
    ada = add(ash, "Ada", MAIL)
    (point,) = points(ash, ada)
    cell = person_of(ash, ada).display_name
    with ash.begin() as tx:
        tx.execute(delete(ContentKey).where(ContentKey.owner == ada))

    with ash.read() as tx:
        assert people.names(ash, tx, {ada}) == {ada: ""}
        assert people.name(ash, tx, ada, cell) == ""
        with pytest.raises(vault.Damaged, match="erased"):
            people.contact_of(ash, tx, point)
    with pytest.raises(vault.Damaged, match="erased"):
        put_contact(ash, ada, MAIL)


def test_anothers_name_put_into_ones_row_does_not_open(ash):
    ada, ben = add(ash, "Ada"), add(ash, "Ben")
    cell = person_of(ash, ben).display_name
    with ash.begin() as tx:
        tx.get_one(Person, ada).display_name = cell

    with ash.read() as tx, pytest.raises(vault.Damaged):
        people.names(ash, tx, {ada, ben})


def test_the_same_contact_is_one_persons_once(ash):
    ada = add(ash, contact=MAIL)

    with pytest.raises(Collision):
        put_contact(ash, ada, MAIL)


def test_a_contact_is_looked_up_by_a_mac_of_this_node_alone(ash, tmp_path):
    elsewhere = Village(tmp_path / "elsewhere", seed=2)
    other = elsewhere.build("https://birch.example")
    elsewhere.close()

    found = people.digest(ash, MAIL)

    assert found == people.digest(ash, people.contact(" ada@MAILBOX.example"))
    assert found != people.digest(other, MAIL)
    assert found != people.digest(ash, Contact(ContactKind.PHONE, MAIL.value))


def test_mail_goes_to_a_proven_address_before_a_claimed_one(either, ash):
    ada = add(ash, contact=MAIL)
    either.pass_time(seconds=1)
    put_contact(ash, ada, Contact(ContactKind.PHONE, "+442079460412"), verified=True)
    proven = put_contact(
        ash, ada, Contact(ContactKind.EMAIL, "proven@mailbox.example"), verified=True
    )
    either.pass_time(seconds=1)
    put_contact(
        ash, ada, Contact(ContactKind.EMAIL, "later@mailbox.example"), verified=True
    )

    with ash.read() as tx:
        assert people.mail_of(tx, ada).id == proven.id


def test_nobody_without_an_address_gets_mail(ash):
    ada = add(ash, contact=Contact(ContactKind.PHONE, "+442079460412"))

    with ash.read() as tx:
        assert people.mail_of(tx, ada) is None
