"""Colours as CSS computes them: OKLCH, OKLab and XYZ to sRGB, mixing, contrast. Standard matrices of CSS Color 4."""

import math

from marketwright.kernel.frozen import dataclass

# https://www.w3.org/TR/css-color-4/#color-conversion-code
_LINEAR_TO_XYZ = (
    (506752 / 1228815, 87881 / 245763, 12673 / 70218),
    (87098 / 409605, 175762 / 245763, 12673 / 175545),
    (7918 / 409605, 87881 / 737289, 1001167 / 1053270),
)
_XYZ_TO_LINEAR = (
    (12831 / 3959, -329 / 214, -1974 / 3959),
    (-851781 / 878810, 1648619 / 878810, 36519 / 878810),
    (705 / 12673, -2585 / 12673, 705 / 667),
)
_XYZ_TO_LMS = (
    (0.8190224379967030, 0.3619062600528904, -0.1288737815209879),
    (0.0329836539323885, 0.9292868615863434, 0.0361446663506424),
    (0.0481771893596242, 0.2642395317527308, 0.6335478284694309),
)
_LMS_TO_XYZ = (
    (1.2268798758459243, -0.5578149944602171, 0.2813910456659647),
    (-0.0405757452148008, 1.1122868032803170, -0.0717110580655164),
    (-0.0763729366746601, -0.4214933324022432, 1.5869240198367816),
)
_LMS_TO_LAB = (
    (0.2104542683093140, 0.7936177747023054, -0.0040720430116193),
    (1.9779985324311684, -2.4285922420485799, 0.4505937096174110),
    (0.0259040424655478, 0.7827717124575296, -0.8086757549230774),
)
_LAB_TO_LMS = (
    (1.0, 0.3963377773761749, 0.2158037573099136),
    (1.0, -0.1055613458156586, -0.0638541728258133),
    (1.0, -0.0894841775298119, -1.2914855480194092),
)
Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]


def _times(matrix: Matrix, v: Triple) -> Triple:
    a, b, c = (row[0] * v[0] + row[1] * v[1] + row[2] * v[2] for row in matrix)
    return a, b, c


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in linear light, sRGB primaries, possibly outside of what a screen shows; ``alpha`` 0 to 1."""

    linear: Triple
    alpha: float = 1.0

    @property
    def xyz(self) -> Triple:
        """CIE XYZ, D65."""
        return _times(_LINEAR_TO_XYZ, self.linear)

    @property
    def oklab(self) -> Triple:
        """Lightness, a, b."""
        lms = _times(_XYZ_TO_LMS, self.xyz)
        a, b, c = (math.copysign(abs(x) ** (1 / 3), x) for x in lms)
        return _times(_LMS_TO_LAB, (a, b, c))

    @property
    def oklch(self) -> Triple:
        """Lightness, chroma, hue in degrees."""
        light, a, b = self.oklab
        return light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360

    @property
    def rgb(self) -> Triple:
        """Gamma-encoded sRGB, cut to what a screen shows, 0 to 1."""
        red, green, blue = (_encode(min(1.0, max(0.0, x))) for x in self.linear)
        return red, green, blue

    @property
    def hex(self) -> str:
        """``#rrggbb``."""
        return "#" + "".join(f"{round(x * 255):02x}" for x in self.rgb)

    @property
    def luminance(self) -> float:
        """Relative luminance as WCAG 2 reads it, of the colour as shown."""
        red, green, blue = (_decode(round(x * 255) / 255) for x in self.rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _encode(x: float) -> float:
    return 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055


def _decode(x: float) -> float:
    return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4


def from_hex(text: str) -> Colour:
    """``#rgb`` or ``#rrggbb``; ``ValueError`` for anything else."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    if len(digits) != 6 or not text.startswith("#"):
        msg = f"{text!r} is no colour like #2f5d8a"
        raise ValueError(msg)
    red, green, blue = (_decode(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return Colour((red, green, blue))


def from_xyz(xyz: Triple, alpha: float = 1.0) -> Colour:
    """The colour at CIE XYZ, D65."""
    return Colour(_times(_XYZ_TO_LINEAR, xyz), alpha)


def from_oklab(lab: Triple, alpha: float = 1.0) -> Colour:
    """The colour at OKLab."""
    lms = _times(_LAB_TO_LMS, lab)
    return from_xyz(_times(_LMS_TO_XYZ, (lms[0] ** 3, lms[1] ** 3, lms[2] ** 3)), alpha)


def from_oklch(light: float, chroma: float, hue: float, alpha: float = 1.0) -> Colour:
    """The colour at OKLCH, hue in degrees."""
    if light >= 1 or light <= 0:
        return Colour((1.0, 1.0, 1.0) if light >= 1 else (0.0, 0.0, 0.0), alpha)
    angle = math.radians(hue)
    return from_oklab((light, chroma * math.cos(angle), chroma * math.sin(angle)), alpha)


def mix(first: Colour, share: float, second: Colour) -> Colour:
    """``share`` (0 to 1) of ``first`` with the rest of ``second``, in OKLab."""
    a, b = first.oklab, second.oklab
    light, x, y = (share * p + (1 - share) * q for p, q in zip(a, b, strict=True))
    return from_oklab((light, x, y))


def contrast(first: Colour, second: Colour) -> float:
    """WCAG 2 contrast, 1 to 21."""
    light, dark = sorted((first.luminance, second.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)
