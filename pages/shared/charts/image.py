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
    grid = np.nan_to_num(np.clip(values, 0.0, 1.0) * 255, nan=127.5).round().astype(np.uint8)
    rows = np.zeros((grid.shape[0], grid.shape[1] + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = grid
    header = struct.pack(">IIBBBBB", grid.shape[1], grid.shape[0], 8, 3, 0, 0, 0)
    parts = (b"IHDR", header), (b"PLTE", ramp().tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_part(*part) for part in parts)
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _part(tag: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))
