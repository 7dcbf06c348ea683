"""Photos of a job that never was: a water heater in a corner, and the puddle under it. Drawn, so that nobody's home is shown."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (960, 720)
WALL, FLOOR, TANK, SHADE, PIPE, WATER, DARK = "#d9d2c5", "#a79a86", "#eef0f2", "#c3c9d1", "#b8793f", "#7fa3c4", "#4c5563"


def tank() -> bytes:
    """The whole of it."""
    image, draw = _corner()
    draw.rectangle([380, 40, 400, 190], fill=PIPE)
    draw.rectangle([540, 40, 560, 190], fill=PIPE)
    draw.rounded_rectangle([330, 170, 610, 640], radius=46, fill=TANK, outline=SHADE, width=6)
    draw.rectangle([560, 210, 600, 600], fill=SHADE)
    draw.rounded_rectangle([400, 470, 500, 540], radius=10, fill=DARK)
    draw.ellipse([180, 620, 720, 705], fill=WATER)
    return _jpeg(image)


def puddle() -> bytes:
    """The same from near by."""
    image, draw = _corner()
    draw.rounded_rectangle([220, -200, 740, 420], radius=60, fill=TANK, outline=SHADE, width=8)
    draw.rectangle([440, 330, 520, 372], fill=PIPE)
    for drop in range(3):
        draw.ellipse([466, 392 + 52 * drop, 492, 426 + 52 * drop], fill=WATER)
    draw.ellipse([90, 520, 880, 690], fill=WATER)
    return _jpeg(image)


def _corner():
    image = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 500, *SIZE], fill=FLOOR)
    return image, draw


def _jpeg(image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()
