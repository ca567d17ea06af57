"""Whether the figures of a run are there, for each way and round, and are possible."""
import json
import sys

run = json.load(open(sys.argv[1]))
names = [way["way"] for way in run["ways"]]
assert names == ["nothing", "native", "copy", "inplace", "batch", "window", "lto", "pipe",
                 "interp", "files"], names
assert run["alarms"] > 0 and run["refused_messages"] > 0, run
assert len(run["episodes"]) >= len(run["labels"]) > 0
for way in run["ways"]:
    assert "error" not in way, way
    assert way.get("agrees", way["way"] == "nothing") is True, way
    assert 0 < way["messages"] <= run["messages"]
    assert len(way["rounds"]) == 2
    for figures in way["rounds"] + [way["figures"]]:
        quantiles = [figures[k] for k in ("median_ns", "p99_ns", "p999_ns")]
        known = [q for q in quantiles if q is not None]
        assert known and known[0] > 0 and known == sorted(known), figures
        # An average of all messages and the quantiles of all groups fit together.
        assert figures["messages_per_second"] > 0
