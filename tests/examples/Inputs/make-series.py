"""A series of readings a minute, with a fault of a day in it."""
import datetime
import sys

time = datetime.datetime(2024, 2, 28)
with open(sys.argv[1], "w") as out:
    out.write("timestamp,value\n")
    for i in range(40000):
        value = 20 + (i * 7919 % 101) / 100 + (15 if 30000 <= i < 31440 else 0)
        out.write(f"{time + datetime.timedelta(minutes=i)},{value}\n")
