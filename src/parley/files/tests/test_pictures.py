"""What a camera tells in a picture is gone once it is stored; the picture is the same, and stands as it stood."""

import io
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from parley.files.models import File
from parley.files.pictures import without_metadata
from parley.files.store import read, upload_name
from tests.people import Person, body_of

PLACE = b"52 North, 13 East"


def picture(form: str, *, orientation: int = 1, **more: Any) -> bytes:
    """A gradient, with a place and the maker of the camera in its EXIF."""
    image = Image.new("RGB", (40, 30))
    image.putdata([(x * 6, y * 8, 90) for y in range(30) for x in range(40)])
    exif = Image.Exif()
    exif[0x010F] = PLACE.decode()
    exif[0x0112] = orientation
    kept = io.BytesIO()
    image.save(kept, form, exif=exif, **more)
    return kept.getvalue()


def pixels(content: bytes) -> bytes:
    return Image.open(io.BytesIO(content)).convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("form", "more"),
    [
        ("JPEG", {"comment": PLACE}),
        ("JPEG", {"progressive": True, "xmp": b"<x>" + PLACE + b"</x>"}),
        ("PNG", {}),
        ("WEBP", {"xmp": b"<x>" + PLACE + b"</x>", "lossless": True}),
    ],
)
def test_nothing_that_a_camera_told_is_left_and_every_pixel_is(form: str, more: dict[str, Any]) -> None:
    before = picture(form, **more)
    assert PLACE in before
    after = without_metadata(before, f"image/{form.lower()}")
    assert PLACE not in after
    assert pixels(after) == pixels(before)
    assert without_metadata(after, f"image/{form.lower()}") == after


def test_a_picture_that_was_taken_upright_stays_upright() -> None:
    after = without_metadata(picture("JPEG", orientation=6), "image/jpeg")
    assert PLACE not in after
    assert dict(Image.open(io.BytesIO(after)).getexif()) == {0x0112: 6}


def test_what_phones_put_behind_a_picture_goes_too() -> None:
    whole = picture("JPEG")
    assert without_metadata(whole + picture("JPEG"), "image/jpeg") == without_metadata(whole, "image/jpeg")


def test_words_in_a_png_go() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", PLACE.decode())
    told.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    before = picture("PNG", pnginfo=told)
    assert PLACE not in without_metadata(before, "image/png")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_is_cut_off_anywhere_breaks_nothing(form: str) -> None:
    whole = picture(form)
    for length in range(len(whole)):
        assert len(without_metadata(whole[:length], f"image/{form.lower()}")) <= length


def test_a_picture_that_is_uploaded_by_a_program_is_stored_without_what_it_told(owner: Person) -> None:
    answer = owner.browser.post("/api/v1/files?name=me.jpg", data=picture("JPEG"), content_type="image/jpeg")
    assert answer.status_code == 201, answer.content
    stored = b"".join(read(upload_name(File.objects.get(id=body_of(answer)["id"]).id)))
    assert PLACE not in stored
    assert File.objects.get().size_bytes == len(stored)
