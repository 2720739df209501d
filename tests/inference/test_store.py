"""A saved fit: exact round trip, nothing personal, and a clear refusal of everything else."""

from __future__ import annotations

import errno
import io
import json
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from emotion_models.errors import StoreError
from emotion_models.inference import archive, store
from emotion_models.inference.netcdf import from_netcdf, to_netcdf

Editor = Callable[[dict[str, bytes]], None]


def fake_parts() -> store.StoredParts:
    rng = np.random.default_rng(1)
    posterior = xr.Dataset(
        {
            "mu": (("chain", "draw", "emotion"), rng.normal(size=(2, 5, 3))),
            "tau": (("chain", "draw"), rng.gamma(2, size=(2, 5)).astype("float32")),
        },
        coords={"chain": [0, 1], "draw": np.arange(5), "emotion": ["joy", "anger", "schön"]},
        attrs={"sampler": "nutpie", "tune": 500, "nested": {"list": [1, 2.5, None, True]}},
    )
    data = xr.Dataset(
        {
            "rating": (("journey", "emotion"), np.array([[0, -1, 3], [4, 2, 1]], dtype="int8")),
            "visited": (("journey",), np.array([True, False])),
            "duration": (("journey",), np.array([np.nan, -0.0])),
            "control": (("journey", "control_name"), np.zeros((2, 0))),
            "name": ((), "x"),
        },
        coords={
            "emotion": ["joy", "anger", "schön"],
            "control_name": np.array([], dtype="<U1"),
            "journey_id": ("journey", ["guest-17", "guest-18"]),
            "respondent_id": ("journey", ["ann@example.org", "bob@example.org"]),
        },
    )
    manifest = {"seed": 7, "seconds": 12.25, "data_hash": "ab" * 32}
    return store.StoredParts('{"memory": "mean"}', 'label = "Grüße"\n', manifest, {
        "posterior": posterior, "data": data,
    })  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return store.write_parts(fake_parts(), tmp_path / "stays.fit")


def rewrite(path: Path, edit: Editor) -> None:
    """Edit the members of a saved fit."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    edit(members)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)


def assert_same(left: xr.Dataset, right: xr.Dataset) -> None:
    xr.testing.assert_identical(left, right)
    for name, variable in left.variables.items():
        assert right[name].dtype == variable.dtype, name
        if variable.dtype.kind == "f":  # -0.0 is not 0.0
            np.testing.assert_array_equal(np.signbit(variable), np.signbit(right[name]))


def test_round_trip_is_exact(saved: Path) -> None:
    before, after = fake_parts(), store.read_parts(saved)
    assert after.model_json == before.model_json
    assert after.codebook_toml == before.codebook_toml
    assert after.manifest == before.manifest
    assert set(after.datasets) == set(before.datasets)
    assert_same(before.datasets["posterior"], after.datasets["posterior"])
    assert_same(
        before.datasets["data"].drop_vars(["journey_id", "respondent_id"]), after.datasets["data"]
    )


def test_save_and_load_go_through_the_fit(tmp_path: Path) -> None:
    class FakeFit:
        def to_parts(self) -> store.StoredParts:
            return fake_parts()

    path = store.save(FakeFit(), str(tmp_path / "a.fit"))
    assert store.read_parts(path).manifest["seed"] == 7


def test_no_identifiers_no_pickle(saved: Path) -> None:
    with zipfile.ZipFile(saved) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist())
        names = opened.namelist()
    for secret in (b"guest-17", b"ann@example.org", b"respondent_id", b"journey_id"):
        assert secret not in everything
    assert sorted(names) == [
        "codebook.toml", "data.nc", "manifest.json", "model.json", "posterior.nc",
    ]  # fmt: skip


def test_members_open_with_any_netcdf_reader(saved: Path) -> None:
    with zipfile.ZipFile(saved) as opened:
        content = opened.read("posterior.nc")
    plain = xr.load_dataset(io.BytesIO(content), engine="h5netcdf")
    assert list(plain.emotion.values) == ["joy", "anger", "schön"]


def test_same_fit_gives_same_members(tmp_path: Path) -> None:
    first = store.write_parts(fake_parts(), tmp_path / "a.fit")
    second = store.write_parts(fake_parts(), tmp_path / "b.fit")
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b:
        for name in set(a.namelist()) - {"manifest.json"}:
            assert a.read(name) == b.read(name), name


arrays = st.sampled_from(["bool", "int8", "int16", "int64", "uint8", "float32", "float64"]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0))
)
words = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=6)
texts = st.lists(words, max_size=4).map(lambda items: np.array(items, dtype="<U9"))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), arrays | texts, max_size=3))
def test_any_arrays_survive(values: dict[str, np.ndarray]) -> None:
    dataset = xr.Dataset(
        {n: ([f"{n}_{i}" for i in range(v.ndim)], v, {"unit": [n]}) for n, v in values.items()}
    )
    assert_same(dataset, from_netcdf("any", to_netcdf("any", dataset)))


def test_python_text_becomes_fixed_width() -> None:
    dataset = xr.Dataset(coords={"emotion": np.array(["joy", "anger"], dtype=object)})
    after = from_netcdf("x", to_netcdf("x", dataset))
    assert after.emotion.dtype == np.dtype("<U5")


def test_objects_are_refused(tmp_path: Path) -> None:
    parts = fake_parts()
    parts.datasets["data"] = xr.Dataset({"thing": ("x", np.array([{}], dtype=object))})
    with pytest.raises(StoreError, match="'thing' of 'data'"):
        store.write_parts(parts, tmp_path / "a.fit")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("manifest", [{"seconds": float("nan")}, {"path": Path("x")}])
def test_manifest_must_be_plain(tmp_path: Path, manifest: dict[str, object]) -> None:
    parts = store.StoredParts("{}", "", manifest, {})
    with pytest.raises(StoreError, match="manifest"):
        store.write_parts(parts, tmp_path / "a.fit")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_truncated(saved: Path, share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(StoreError, match="not a saved fit, or cut short"):
        store.read_parts(saved)


def test_every_flipped_byte_is_noticed(saved: Path) -> None:
    content = saved.read_bytes()
    before = fake_parts()
    rng = np.random.default_rng(3)
    for position in rng.integers(0, len(content), size=100):
        damaged = bytearray(content)
        damaged[position] ^= 0x55
        saved.write_bytes(bytes(damaged))
        try:  # a bit that carries no content (a date, a version) may pass
            after = store.read_parts(saved)
        except StoreError:
            continue
        assert after.manifest == before.manifest
        assert_same(before.datasets["posterior"], after.datasets["posterior"])


def _swap_model(members: dict[str, bytes]) -> None:
    members["model.json"] = b'{"memory": "peak"}'


def _swap_seed(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"seed": 7', b'"seed": 8')


def _drop_data(members: dict[str, bytes]) -> None:
    del members["data.nc"]


def _drop_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def _add_member(members: dict[str, bytes]) -> None:
    members["extra.json"] = b"{}"


def _escape(members: dict[str, bytes]) -> None:
    members["../../evil.json"] = b"{}"


def _pickle(members: dict[str, bytes]) -> None:
    members["posterior.pkl"] = b"cos\nsystem\n(S'touch pwned'\ntR."


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (_swap_model, "'model.json' was changed"),
        (_swap_seed, "'manifest.json' was changed"),
        (_drop_data, "'data.nc' is missing"),
        (_drop_manifest, "has no manifest.json"),
        (_add_member, "'extra.json' is not in its manifest"),
        (_escape, r"member '\.\./\.\./evil\.json'"),
        (_pickle, "member 'posterior.pkl'"),
    ],
)
def test_tampering(saved: Path, edit: Editor, message: str) -> None:
    rewrite(saved, edit)
    with pytest.raises(StoreError, match=message):
        store.read_parts(saved)


@pytest.mark.parametrize("text", ["[]", "{", '{"sha256": "x"}', "null"])
def test_manifest_of_another_kind(saved: Path, text: str) -> None:
    rewrite(saved, lambda members: members.update({"manifest.json": text.encode()}))
    with pytest.raises(StoreError, match=r"manifest\.json"):
        store.read_parts(saved)


def test_newer_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SCHEMA", 2)
    path = store.write_parts(fake_parts(), tmp_path / "new.fit")
    monkeypatch.undo()
    with pytest.raises(StoreError, match=r"newer emotion-models \(schema 2.*install the newer"):
        store.read_parts(path)


def test_other_files(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such file"):
        store.read_parts(tmp_path / "absent.fit")
    with pytest.raises(StoreError, match="cannot be read"):
        store.read_parts(tmp_path)
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(StoreError, match="not a saved fit"):
        store.read_parts(tmp_path / "notes.txt")
    archive.write_archive(tmp_path / "other.fit", {}, {"format": "another program"})
    with pytest.raises(StoreError, match="not a saved fit"):
        store.read_parts(tmp_path / "other.fit")


def test_zip_bomb(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FREE_BYTES", 2**20)
    rewrite(saved, lambda members: members.update({"bomb.json": b"0" * 2**22}))
    with zipfile.ZipFile(saved) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)
    with pytest.raises(StoreError, match="would unpack to"):
        store.read_parts(saved)


def test_arrays_that_are_not_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(b"\1" * 800)
    outside = io.BytesIO()
    with h5py.File(outside, "w") as file:
        file.create_dataset("x", (100,), "f8", external=str(tmp_path / "secret.bin"))
    link = io.BytesIO()
    with h5py.File(link, "w") as file:
        file["x"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "/x")
    for content in (outside, link):
        with pytest.raises(StoreError, match="outside itself"):
            from_netcdf("posterior", content.getvalue())
    hollow = io.BytesIO()
    with h5py.File(hollow, "w") as file:
        file.create_dataset("x", (10**12,), "f8", chunks=(10**6,))
    with pytest.raises(StoreError, match="more data than it holds"):
        from_netcdf("posterior", hollow.getvalue())
    with pytest.raises(StoreError, match="cannot be read"):
        from_netcdf("posterior", b"not netCDF")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "the folder is read-only")],
)
def test_failing_disk_leaves_the_older_file(
    saved: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    before = saved.read_bytes()
    write = zipfile.ZipFile.writestr
    calls = []

    def fail(self: zipfile.ZipFile, info: zipfile.ZipInfo, *rest: object, **more: int) -> None:
        calls.append(info)
        if len(calls) > 2:
            raise OSError(number, "as the system says")
        write(self, info, *rest, **more)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", fail)
    with pytest.raises(StoreError, match=f"not saved, {words}"):
        store.write_parts(fake_parts(), saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from emotion_models.errors import StoreError
from emotion_models.inference.archive import write_archive
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_archive(Path(sys.argv[1]), {"model.json": __import__("os").urandom(100_000)}, {})
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_real_write_failure(saved: Path) -> None:
    before = saved.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(saved)], capture_output=True, text=True, check=True
    )
    assert "not saved" in done.stdout
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        store.write_parts(fake_parts(), tmp_path / "absent" / "a.fit")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is not a folder"):
        store.write_parts(fake_parts(), tmp_path / "file" / "a.fit")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="it is a folder"):
        store.write_parts(fake_parts(), tmp_path / "folder")


def test_read_only_folder(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        (folder / "probe").touch()
    except PermissionError:
        with pytest.raises(StoreError, match="may not be written to"):
            store.write_parts(fake_parts(), folder / "a.fit")
    else:
        pytest.skip("this user may write anywhere")
    finally:
        folder.chmod(stat.S_IRWXU)


def test_manifest_says_what_made_it(saved: Path) -> None:
    with zipfile.ZipFile(saved) as opened:
        manifest = json.loads(opened.read("manifest.json"))
    assert manifest["schema"] == store.SCHEMA
    assert manifest["created"].endswith("+00:00")
    assert set(manifest["members"]) == {"model.json", "codebook.toml", "posterior.nc", "data.nc"}
