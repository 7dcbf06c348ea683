"""Pictures of companies that never were: plain shapes on a colour, drawn from the name. No people, nobody's sign."""

import hashlib
from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 128
COLOURS = ("#2149c1", "#0b5d3b", "#8a3b12", "#5b2a86", "#0f5c73", "#7a1f3d", "#3f4a1f", "#46536b")


def square(name: str) -> bytes:
    """A PNG; the same name has the same one."""
    digest = hashlib.sha256(name.encode()).digest()
    image = Image.new("RGB", (SIDE, SIDE), COLOURS[digest[0] % len(COLOURS)])
    draw, low, high, middle = ImageDraw.Draw(image), SIDE // 4, SIDE - SIDE // 4, SIDE // 2
    shapes = (
        lambda: draw.polygon([(low, middle), (middle, low), (high, middle), (high, high), (low, high)], fill="white"),
        lambda: draw.ellipse([low, low, high, high], outline="white", width=SIDE // 8),
        lambda: [draw.rectangle([low, y, high, y + SIDE // 12], fill="white") for y in range(low, high, SIDE // 6)],
        lambda: draw.polygon([(middle, low), (high, high), (low, high)], fill="white"),
        lambda: draw.polygon([(middle, low), (high, middle), (middle, high), (low, middle)], fill="white"),
    )
    shapes[digest[1] % len(shapes)]()
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
