"""QR codes."""

import io

import segno


def qr_svg(text: str) -> bytes:
    """Return the text as a QR code, with a quiet zone and on white, so that it scans on dark pages."""
    image = io.BytesIO()
    segno.make_qr(text, error="m").save(image, kind="svg", scale=8, border=4, light="white")
    return image.getvalue()
