"""The passenger's phone number on a slip is whole to those who need it, and to nobody else."""

import pytest

from fleet.tables import Person
from kit.database import transaction
from tests.dispatch.office import Office, ok

WHOLE, MASKED = "13812345678", "138****5678"


@pytest.mark.parametrize(
    ("username", "shown"),
    [
        ("dispatcher", WHOLE),
        ("clerk_a", WHOLE),
        ("applicant_a", WHOLE),
        ("driver_a1", WHOLE),
        ("approver_a", MASKED),
        ("supervisor", MASKED),
        ("finance", MASKED),
    ],
)
async def test_a_slip_tells_the_passengers_number_to_who_may_call_them(
    office: Office, username: str, shown: str
) -> None:
    async with transaction(office.sessions) as session:
        person = await session.get_one(Person, office.world.people["applicant_a"].no)
        person.phone = WHOLE
    order = (await office.assigned())["id"]
    slip = ok(await office.get(username, f"/orders/{order}/slip", format="json"))
    told = {item["key"]: item["text"] for item in slip["items"]}
    assert told["passenger_phone"] == shown
    page = await office.get(username, f"/orders/{order}/slip")
    assert (WHOLE in page.text) is (shown == WHOLE)
