"""What A's people make through the API, as they would."""

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.words import Role
from tests.access.cast import Where, log_in_as
from tests.access.seeds.made import API, Seeds
from tests.access.seeds.register import make_register
from tests.access.seeds.rides import make_rides


async def seed_by_api(client: httpx.AsyncClient, session: AsyncSession, seeds: Seeds) -> None:
    """Let A's people ask for rides, approve and assign, as they would; and keep the register."""
    tokens = {
        name: await log_in_as(session, seeds.person(name), seeds.now)
        for name in ("applicant_a", "approver_a", "clerk_a", "dispatcher")
    }
    tokens |= {
        role.value: member.token for (role, at), member in seeds.cast.items() if at is Where.INSIDE
    }
    tokens["bureau"] = seeds.cast[Role.AUTHORITY_APPROVER, Where.TOP].token
    tokens["dispatcher_inside"] = seeds.cast[Role.DISPATCHER, Where.INSIDE].token
    await session.commit()

    async def post(name: str, path: str, body: object) -> dict[str, object]:
        method, _, rest = path.rpartition(" ")
        answer = await client.request(
            method or "POST",
            API + rest,
            json=body,
            headers={"Authorization": f"Bearer {tokens[name]}"},
        )
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        made: dict[str, object] = answer.json()
        return made

    await make_rides(post, session, seeds)
    await make_register(post, seeds)
