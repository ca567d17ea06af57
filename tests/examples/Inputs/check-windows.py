"""Counts windows and episodes anew, from the labels and the episodes alone."""
import json
import sys

labels = json.load(open(sys.argv[1]))
windows = [w for name in labels if name.endswith("machine_temperature_system_failure.csv")
           for w in labels[name]]
episodes = json.load(open(sys.argv[2]))["episodes"]
# Both are ISO dates: they are ordered as texts, to the minute.
starts = [episode["from"] for episode in episodes]
found = [w for w in windows if any(w[0][:16] <= s <= w[1][:16] for s in starts)]
outside = [s for s in starts if not any(w[0][:16] <= s <= w[1][:16] for w in windows)]
print(f"{len(found)} of {len(windows)} windows, {len(outside)} episodes outside")
assert len(windows) == 4 and len(found) >= 3 and len(outside) <= 10
