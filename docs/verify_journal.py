"""Verify an export of the journal: python verify_journal.py EXPORT [FILE OF HEADS KEPT OUTSIDE]"""

import hashlib
import json
import sys
from pathlib import Path

kept, agreed, last = {}, 0, None
for line in Path(sys.argv[2]).read_text().splitlines() if sys.argv[2:] else ():
    kept[int(line.split()[0])] = line.split()[1]
with Path(sys.argv[1]).open(encoding="utf-8") as lines:
    for e in map(json.loads, lines):
        n, salted, entry = e["n"], None, None
        if last and (n, e["previous"]) != (last["n"] + 1, last["head"]):
            sys.exit(f"Seal {n} does not follow from seal {last['n']}.")
        if e["payload"] is not None:
            salted = bytes.fromhex(e["salt"]) + e["payload"].encode()
        if e["header"] is not None:
            entry = e["header"].encode() + bytes.fromhex(e["payload_digest"])
        link = f"{n} {e['algorithm']} {e['sealed_at']} {e['previous']} {e['digest']}".encode()
        for data, name in ((salted, "payload_digest"), (entry, "digest"), (link, "head")):
            if data is not None and hashlib.new(e["algorithm"], data).hexdigest() != e[name]:
                sys.exit(f"The {name} of seal {n} is not what it was.")
        if kept.get(n, e["head"]) != e["head"]:
            sys.exit(f"The chain was recomputed: another head of seal {n} was kept outside.")
        agreed, last = agreed + (n in kept), e
end = f"up to seal {last['n']}, head {last['head']}" if last else "for nothing is in it"
sys.stdout.write(f"All holds, {end}; {agreed} heads kept outside agree.\n")
