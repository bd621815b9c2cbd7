"""Verify an export of the journal: python verify_journal.py EXPORT [FILE OF HEADS KEPT OUTSIDE]"""

import hashlib
import json
import sys
from pathlib import Path

rows = map(str.split, Path(sys.argv[2]).read_text().splitlines() if sys.argv[2:] else ())
told = [(int(words[0]), words[1]) for words in rows if words[3:]]  # a shorter line was torn
kept, agreed, mute, at, head = dict(told), 0, 0, 0, ""
if told != sorted(told) or len(kept) < len(set(told)):
    sys.exit("The heads kept outside go back, or differ: there the chain was cut, and continued.")
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for n, before, e in ((e["n"], e["previous"], e) for e in map(json.loads, lines)):
        if (at and (n, before) != (at + 1, head)) or n < 1 or (n == 1 and before.strip("0")):
            sys.exit(f"Seal {n} does not follow from seal {at or n - 1}.")
        if e["algorithm"] not in ("sha256", "sm3"):
            sys.exit(f"Seal {n} names an algorithm that the journal never uses.")
        salted = e["payload"] and bytes.fromhex(f"{e['salt']:0<32.32}") + e["payload"].encode()
        entry = (e["header"] or "").encode() + bytes.fromhex(e["payload_digest"] or "")
        link = f"{n} {e['algorithm']} {e['sealed_at']} {before} {e['digest']}".encode()
        for data, name in ((salted, "payload_digest"), (entry, "digest"), (link, "head")):
            if data and hashlib.new(e["algorithm"], data).hexdigest() != e[name]:
                sys.exit(f"The {name} of seal {n} is not what it was.")
        if kept.get(n, e["head"]) != e["head"]:
            sys.exit(f"The chain was recomputed: another head of seal {n} was kept outside.")
        agreed, mute, at, head = agreed + (n in kept), mute + (not salted), n, e["head"]
end = f"up to seal {at}, head {head}" if at else "for nothing is in it"
said = f"{mute} entries are erased or withheld; {agreed} heads kept outside agree"
sys.stdout.write(f"All holds, {end}; {said}, {sum(n > at for n in kept)} are of later seals.\n")
