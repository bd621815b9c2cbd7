"""Sealed values open in their place, under their key, unchanged; and nowhere else."""

import stat
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.secrets import SealBroken, Sealer, SecretKeyUnfit, sealer_of
from kit.settings import Settings

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@given(st.binary(max_size=200), st.text(alphabet=st.characters(codec="utf-8"), max_size=20))
def test_what_is_sealed_opens_in_its_context_alone(value: bytes, context: str) -> None:
    sealer = Sealer((OLD,))
    sealed = sealer.seal(value, context=context)
    assert sealer.open(sealed, context=context) == value
    assert sealed != sealer.seal(value, context=context)
    with pytest.raises(SealBroken):
        sealer.open(sealed, context=context + "x")


@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused(value: bytes) -> None:
    with pytest.raises(SealBroken):
        Sealer((OLD,)).open(value, context="a")


def test_every_changed_byte_is_noticed() -> None:
    sealer = Sealer((OLD,))
    sealed = sealer.seal(b"110101199003070000", context="a")
    for n in range(len(sealed)):
        changed = sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :]
        with pytest.raises(SealBroken):
            sealer.open(changed, context="a")


def test_a_new_key_seals_while_the_old_one_still_opens() -> None:
    sealed = Sealer((OLD,)).seal(b"value", context="a")
    rotated = Sealer((NEW, OLD))
    assert rotated.open(sealed, context="a") == b"value"
    assert rotated.needs_resealing(sealed)
    anew = rotated.seal(b"value", context="a")
    assert not rotated.needs_resealing(anew)
    with pytest.raises(SealBroken):
        Sealer((OLD,)).open(anew, context="a")


def test_the_key_is_made_once_in_the_data_folder_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    sealed = sealer_of(settings).seal(b"value", context="a")
    assert sealer_of(settings).open(sealed, context="a") == b"value"
    (key,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_keys_come_from_setting_or_file_and_unfit_ones_are_told(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_bytes(b64encode(NEW) + b"\n" + b64encode(OLD) + b"\n")
    told = Settings(secret_key=f"{b64encode(NEW).decode()} {b64encode(OLD).decode()}")
    assert sealer_of(told) == sealer_of(Settings(secret_key_file=file)) == Sealer((NEW, OLD))
    for unfit in ("", "short", b64encode(b"x" * 31).decode(), "键"):
        with pytest.raises(SecretKeyUnfit):
            sealer_of(Settings(secret_key=unfit))
    with pytest.raises(SecretKeyUnfit):
        sealer_of(Settings(secret_key_file=tmp_path / "nowhere"))
