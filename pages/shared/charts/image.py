"""A field of numbers as a PNG in the two classes' colours, for `mark_image`."""

import base64
import functools
import struct
import zlib

import numpy as np

# Class 0, the middle, class 1: the palette's purple and green, paler than the points that stand on them. The same in
# light and dark, since an image cannot follow the theme.
ENDS = ((178, 134, 204), (246, 246, 246), (96, 184, 160))


@functools.cache
def ramp() -> np.ndarray:
    """The 256 colours from class 0 to class 1, (256, 3)."""
    place = np.arange(256)
    return np.stack([np.interp(place, [0, 127.5, 255], channel) for channel in zip(*ENDS, strict=True)], 1).astype(
        np.uint8
    )


def colours() -> list[str]:
    """The ends and the middle, for a colour bar."""
    return ["#{:02x}{:02x}{:02x}".format(*colour) for colour in ENDS]


def uri(values: np.ndarray) -> str:
    """A PNG of numbers from 0 to 1, (height, width), the top row first, as a data URI; what is not finite is white."""
    return png(np.nan_to_num(np.clip(values, 0.0, 1.0) * 255, nan=127.5).round().astype(np.uint8), ramp())


def png(places: np.ndarray, palette: np.ndarray, opacity: np.ndarray | None = None) -> str:
    """A PNG as a data URI.

    Args:
        places:  of the palette, uint8, (height, width), the top row first.
        palette: colours, uint8, (n, 3).
        opacity: of each colour, uint8, (n,); with it the theme's ground shines through.
    """
    rows = np.zeros((places.shape[0], places.shape[1] + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = places
    header = struct.pack(">IIBBBBB", places.shape[1], places.shape[0], 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette.tobytes())]
    if opacity is not None:
        parts.append((b"tRNS", opacity.tobytes()))
    parts += [(b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")]
    image = b"\x89PNG\r\n\x1a\n" + b"".join(_part(*part) for part in parts)
    return "data:image/png;base64," + base64.b64encode(image).decode()


def _part(tag: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))
