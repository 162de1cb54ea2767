"""A flame graph of where a program's processor time went: perf script | swift demangle --simplified | flame.py TITLE > out.svg"""

import html
import re
import sys

WIDTH, ROW, FONT = 1200, 17, 11
# Frames that say nothing: the wrappers Swift makes around closures, and what the system starts threads with.
NOISE = re.compile(r"^(partial apply for |thunk for |reabstraction thunk|\[unknown\]|start_thread|__clone3|0x[0-9a-f]+$)")


def stacks(lines):
    """Each sample's frames, the outermost first."""
    frames = []
    for line in lines:
        line = line.rstrip("\n")
        if not line.strip():
            if frames:
                yield frames[::-1]
            frames = []
        elif line[0].isspace():
            name = re.sub(r"^\s+[0-9a-f]+\s+", "", line)
            name = re.sub(r"\+0x[0-9a-f]+.*$|\s+\([^()]*\)$", "", name)
            if not NOISE.match(name):
                frames.append(name)
    if frames:
        yield frames[::-1]


def tree(samples):
    root = {"count": 0, "inner": {}}
    for frames in samples:
        root["count"] += 1
        node = root
        for name in frames[:60]:
            node = node["inner"].setdefault(name, {"count": 0, "inner": {}})
            node["count"] += 1
    return root


def boxes(node, name, left, depth, total):
    """Boxes of at least half a thousandth of the time."""
    width = node["count"] / total * WIDTH
    if width < WIDTH / 2000:
        return
    yield left, depth, width, name, node["count"] / total
    for inner_name, inner in sorted(node["inner"].items()):
        yield from boxes(inner, inner_name, left, depth + 1, total)
        left += inner["count"] / total * WIDTH


def main():
    title = sys.argv[1] if len(sys.argv) > 1 else "processor time"
    root = tree(stacks(sys.stdin))
    if not root["count"]:
        sys.exit("no samples")
    drawn = list(boxes(root, f"{title}: {root['count']} samples", 0, 0, root["count"]))
    height = (max(depth for _, depth, *_ in drawn) + 1) * ROW
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="{FONT}">')
    for left, depth, width, name, share in drawn:
        hue = 10 + sum(map(ord, name)) % 45
        room = int(width / (FONT * 0.62))
        label = name if len(name) <= room else name[: max(0, room - 1)] + "…"
        print(
            f'<g><title>{html.escape(name)} {share:.1%}</title>'
            f'<rect x="{left:.1f}" y="{depth * ROW}" width="{max(0.2, width - 0.3):.1f}" height="{ROW - 1}"'
            f' fill="hsl({hue},80%,72%)"/>'
            + (f'<text x="{left + 2:.1f}" y="{depth * ROW + 12}">{html.escape(label)}</text>' if room > 3 else "")
            + "</g>"
        )
    print("</svg>")


main()
