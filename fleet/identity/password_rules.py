"""What is wrong with a password, by the policy: pure rules."""

from enum import StrEnum

from fleet.identity.policy import Policy


class PasswordFault(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_FEW_CLASSES = "too_few_classes"
    TOO_COMMON = "too_common"
    HOLDS_USERNAME = "holds_username"
    USED_BEFORE = "used_before"


def faults(password: str, *, username: str, policy: Policy) -> list[PasswordFault]:
    """Return everything that the policy finds wrong; what was used before is not known here."""
    found = []
    if len(password) < policy.password_min_length:
        found.append(PasswordFault.TOO_SHORT)
    if _classes(password) < policy.password_classes:
        found.append(PasswordFault.TOO_FEW_CLASSES)
    if policy.password_refuse_common and is_common(password):
        found.append(PasswordFault.TOO_COMMON)
    if policy.password_refuse_username and username.lower() in password.lower():
        found.append(PasswordFault.HOLDS_USERNAME)
    return found


def is_common(password: str) -> bool:
    """Return whether a guesser tries this early: a common word in the usual dress, or a run.

    The dress is what people add when made to: capitals, digits at the ends, @ for a, 0 for o.
    """
    plain = password.lower()
    if len(set(plain)) <= 3 or _is_run(plain):
        return True
    bare = plain.strip(_ENDS)
    return bare == "" or {bare, bare.translate(_DRESS)} & _WORDS != set() or _is_doubled(bare)


def _is_doubled(word: str) -> bool:
    half = word[: len(word) // 2]
    return half != "" and half * 2 == word and half.translate(_DRESS) in _WORDS


def _is_run(word: str) -> bool:
    """Whether it is a walk along a row of the keyboard or the alphabet, and its end repeats."""
    return any(word in row * 3 or word in row[::-1] * 3 for row in _ROWS)


def _classes(password: str) -> int:
    return sum(
        (
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not (c.islower() or c.isupper() or c.isdigit()) for c in password),
        )
    )


_ENDS = "0123456789!@#$%^&*()_-+=.,?~ "
_DRESS = str.maketrans("@401357$!", "aaoiestsi")
_ROWS = (
    "1234567890",
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "147258369",
    "!@#$%^&*()",
)
_COMMON = """
admin administrator root system sysadmin user guest test tester testing default password passwd
passw pass pword pwd secret login welcome letmein access master super superuser manager changeme
change temp temporary qwerty qwert qwer asdf asdfgh zxcv zxcvbn qazwsx qweasd qweasdzxc abc abcd
abcde abcdef aaa iloveyou love sunshine princess dragon monkey shadow football baseball
basketball michael jordan superman batman trustno hello freedom whatever computer internet
server database oracle postgres mysql redis cisco huawei windows linux google baidu tencent
alibaba china beijing shanghai guangzhou shenzhen chengdu wuhan nanjing hangzhou woaini
woaiwojia wodemima mima mimamima zhongguo nihao woshishui aini iloveu fengkuang laopo laogong
baobao tiantian caonima taobao zhangwei wangwei liwei gongche gongwu gongwuche paiche jiguan
shiwu zhengfu cheliang jiashiyuan diaodu spring summer autumn winter january monday
"""
_WORDS = frozenset(_COMMON.split())
