"""SEG: who is meant: audiences that are too broad, that contradict themselves, or that hold the wrong people."""
