"""The API keeps to its own description, whoever asks for whatever: no 500, nothing undocumented.

Each operation is asked with its recipe, and then with generated parameters and bodies, into most of
which seeded ids are put, so that they get past the first look-up. GONGCHE_TEST_FUZZ is how many are
generated for each operation; from 10 on each recipe is asked as every role. GONGCHE_TEST_SEED
repeats them.
"""

import asyncio
import logging
import os
import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fleet.words import Role
from tests.access.cast import Where
from tests.access.conftest import plant, settings_for
from tests.access.recipe import Ask
from tests.access.recipes import ALL
from tests.access.seeds.made import Seeds
from tests.access.serving import rolling_server

FUZZ = int(os.environ.get("GONGCHE_TEST_FUZZ", "1"))
SEED = int(os.environ.get("GONGCHE_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PREFIX = "/api/v1"
PATIENCE_S = 120
# In the short form an operation is asked as a few roles drawn by lot, and until one is shown it.
THOROUGH, FEW_ROLES = 10, 3

log = logging.getLogger(__name__)


@pytest.fixture
def served(
    database_url: str,
    tmp_path: Path,
    sharing_kernel: None,  # rides are shared
) -> Iterator[tuple[str, Seeds]]:
    """The address of the API, and what is in it."""
    settings = settings_for(database_url, tmp_path)
    seeds = asyncio.run(plant(settings))
    with rolling_server(settings) as url:
        yield url, seeds


@pytest.mark.timeout(1800)
def test_every_operation_keeps_to_its_description_as_every_role(served: tuple[str, Seeds]) -> None:
    url, seeds = served
    description = httpx.get(f"{url}/api/openapi.json", timeout=PATIENCE_S).json()
    schema = schemathesis.openapi.from_dict(description)
    wrong: list[str] = []
    shown: set[str] = set()
    names = []
    for result in schema.get_all_operations():
        operation = result.ok()
        name = _name(operation)
        names.append(name)
        asked = ALL[name].ask(seeds) if name in ALL else Ask()
        if name in ALL:
            _as_every_role(url, operation, asked, seeds, shown, wrong, ALL[name].top)
        _as_it_comes(url, operation, asked, seeds, shown, wrong)
    unshown = sorted(set(names) - shown)
    assert not wrong, f"seed {SEED}, {len(wrong)} wrong:\n" + "\n".join(wrong)
    log.warning("%d of %d operations answered 2xx, seed %d", len(shown), len(names), SEED)
    assert len(shown) >= 0.8 * len(names), f"without a 2xx: {unshown}"


def _name(operation: schemathesis.BaseSchema | schemathesis.Case) -> str:
    return f"{operation.method.upper()} {operation.path.removeprefix(PREFIX)}"


def _as_every_role(
    url: str,
    operation: schemathesis.BaseSchema,
    asked: Ask,
    seeds: Seeds,
    shown: set[str],
    wrong: list[str],
    top: bool,
) -> None:
    if asked.files is not None:
        return
    chance = random.Random(f"{SEED} {operation.label}")
    for n, role in enumerate(chance.sample(list(Role), len(Role))):
        if FUZZ < THOROUGH and n >= FEW_ROLES and _name(operation) in shown:
            break
        case = operation.Case(
            path_parameters={k: str(v) for k, v in asked.path.items()},
            query={k: str(v) for k, v in asked.query.items()},
            **({"body": asked.body, "media_type": "application/json"} if asked.body else {}),
        )
        _try(url, case, seeds, role, shown, wrong, top)


def _as_it_comes(
    url: str,
    operation: schemathesis.BaseSchema,
    asked: Ask,
    seeds: Seeds,
    shown: set[str],
    wrong: list[str],
) -> None:
    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=FUZZ,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(),
        role=st.sampled_from(Role),
        seeded=st.sampled_from([True, True, True, False]),
    )
    def tried(case: schemathesis.Case, role: Role, seeded: bool) -> None:
        if seeded:
            case.path_parameters = {
                **(case.path_parameters or {}),
                **{k: str(v) for k, v in asked.path.items()},
            }
            if isinstance(case.body, dict) and isinstance(asked.body, dict):
                case.body |= {k: v for k, v in asked.body.items() if k.endswith(("_id", "role"))}
        _try(url, case, seeds, role, shown, wrong, False)

    tried()


def _try(
    url: str,
    case: schemathesis.Case,
    seeds: Seeds,
    role: Role,
    shown: set[str],
    wrong: list[str],
    top: bool,
) -> None:
    token = seeds.cast[role, Where.TOP if top else Where.INSIDE].token
    # The description has no cookies or headers of its own that a fuzzer may forge.
    case.headers = {"Authorization": f"Bearer {token}"}
    case.cookies = {}
    answer = case.call(base_url=url, timeout=PATIENCE_S)
    if 200 <= answer.status_code < 300:
        shown.add(_name(case))
    try:
        # 503 is said on purpose: a provider that can't be reached, a list made with another key.
        own_fault = [] if answer.status_code == 503 else [not_a_server_error]
        case.validate_response(answer, checks=[*CHECKS, *own_fault])
    except (Failure, FailureGroup) as failure:
        faults = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
        told = "; ".join(" ".join(str(one).split())[:300] for one in faults)
        wrong.append(
            f"{_name(case)} as {role}: {answer.status_code} {told} | {str(case.body)[:300]}"
        )
