"""Verify an export of the journal: python verify_journal.py EXPORT [FILE OF HEADS KEPT OUTSIDE]"""

import hashlib
import json
import sys
from pathlib import Path

kept, agreed, mute, last = {}, 0, 0, None
for words in map(str.split, Path(sys.argv[2]).read_text().splitlines() if sys.argv[2:] else ()):
    kept |= {int(words[0]): words[1]} if words[3:] else {}  # a shorter line was torn
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for e in map(json.loads, lines):
        at, head = (last["n"], last["head"]) if last else (e["n"] - 1, e["previous"])
        if ((n := e["n"]), e["previous"]) != (at + 1, head) or (n == 1 and head.strip("0")):
            sys.exit(f"Seal {n} does not follow from seal {at}.")
        if e["algorithm"] not in ("sha256", "sm3"):
            sys.exit(f"Seal {n} names an algorithm that the journal never uses.")
        salted = e["payload"] and bytes.fromhex(f"{e['salt']:0<32.32}") + e["payload"].encode()
        entry = (e["header"] or "").encode() + bytes.fromhex(e["payload_digest"] or "")
        link = f"{n} {e['algorithm']} {e['sealed_at']} {e['previous']} {e['digest']}".encode()
        for data, name in ((salted, "payload_digest"), (entry, "digest"), (link, "head")):
            if data and hashlib.new(e["algorithm"], data).hexdigest() != e[name]:
                sys.exit(f"The {name} of seal {n} is not what it was.")
        if kept.get(n, e["head"]) != e["head"]:
            sys.exit(f"The chain was recomputed: another head of seal {n} was kept outside.")
        agreed, mute, last = agreed + (n in kept), mute + (not salted), e
end = f"up to seal {last['n']}, head {last['head']}" if last else "for nothing is in it"
later = sum(n > (last["n"] if last else 0) for n in kept)
said = f"{mute} entries are erased or withheld; {agreed} heads kept outside agree"
sys.stdout.write(f"All holds, {end}; {said}, {later} are of later seals.\n")
