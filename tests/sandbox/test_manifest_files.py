"""Which files are taken for a manifest, and what is said of the others?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.sandbox import manifest
from tests.sandbox.foreign import Json, write_manifest

WRONG: Json = {
    "display_information": {"name": "x" * 36},
    "settings": {"function_runtime": "local"},
}


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(yaml.safe_dump(WRONG), encoding="utf-8")

    with pytest.raises(manifest.NotAManifest) as refused:
        manifest.read(path)

    assert str(refused.value) == (
        f"{path} is not an app manifest: /display_information/name is longer than 35 characters; "
        "/settings/function_runtime must be remote or slack."
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not an app manifest: it is no mapping."),
        ("- 1", "is not an app manifest: it is no mapping."),
        ("{}", "is not an app manifest: /display_information is missing."),
        ("a: [1\nb: 2", "is neither YAML nor JSON in line 2."),
        (
            "display_information: 5",
            "is not an app manifest: /display_information must be a mapping.",
        ),
    ],
)
def test_what_is_no_manifest_is_told_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(manifest.NotAManifest) as refused:
        manifest.read(path)
    assert str(refused.value) == f"{path} {says}"


def test_bytes_that_are_no_text_are_no_manifest(tmp_path: Path) -> None:
    path = tmp_path / "app.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(manifest.NotAManifest, match="it is no text"):
        manifest.read(path)


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_a_manifest_is_read_from_json_as_from_yaml(
    tmp_path: Path, indent: int | str | None
) -> None:
    from_yaml = manifest.read(write_manifest(tmp_path))
    path = tmp_path / "app.json"
    path.write_text(
        json.dumps(yaml.safe_load((tmp_path / "manifest.yaml").read_text()), indent=indent)
    )
    assert manifest.read(path) == from_yaml


@pytest.mark.parametrize("part", ["_metadata", "features", "settings", "oauth_config", "functions"])
def test_a_part_that_is_left_empty_is_taken_as_absent(part: str) -> None:
    assert manifest.mistakes({"display_information": {"name": "Helper"}, part: None}) == []
