"""A file that fills with maps in order, map by map, and survives a kill at any moment.

While it fills, everything lies in a folder ``NAME.part`` beside the place: the file at its full
size and how many maps of it count. Maps are written to their place in the file and forced to the
disk before they are counted. At the end the file (or, in the CMD layout, the folder) is renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.fields import MAPS_PER_SIMULATION, SIGMA_UNITS
from core.files import whole_file, write_whole

__all__ = ["MapFile", "finished"]

PROGRESS = "progress.json"
MANIFEST = "manifest.json"
_ROOM = 16 * 2**20  # for the headers


def finished(output: Path, settings: Mapping[str, Any]) -> bool:
    """Whether the maps with these settings are already there, whole.

    Raises:
        ValueError: if something else is there.
    """
    if not output.exists():
        return False
    if _settings_of(output) != settings:
        raise ValueError(f"{output} is already there with other maps; give another --output.")
    if output.is_dir():  # a kill just before the end leaves this
        (output / PROGRESS).unlink(missing_ok=True)
    shutil.rmtree(_part(output), ignore_errors=True)
    return True


class MapFile:
    """Maps on their way to a file.

    Args:
        output: .h5 for HDF5, anything else for a folder in the CMD layout.
        parameters: (n, 2) Omega_m and sigma_8 of each map.
        size: pixels a side.
        settings: what the maps follow from; kept with them, and another run goes on only with the
            same.

    Attributes:
        done: maps that count; those before a kill, when it begins.

    Raises:
        ValueError: if other maps were begun there, or the disk has no room.
    """

    def __init__(
        self, output: Path, parameters: NDArray[np.float64], size: int, settings: Mapping[str, Any]
    ) -> None:
        self.output, self.folder = output, _part(output)
        self._shape = (len(parameters), size, size)
        self._settings = dict(settings)
        cmd = f"Maps_HI_{settings['suite']}_LH_z=0.00.npy"
        self._name = output.name if _is_hdf5(output) else cmd
        progress = self._progress()
        if progress is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._check_room(output)
            self.folder.mkdir(parents=True)
            offset = self._create(parameters)
            progress = {"offset": offset, "done": 0, "settings": self._settings}
            self._write_json(PROGRESS, progress)
        if progress["settings"] != self._settings:
            raise ValueError(
                f"{self.folder} was begun with other settings ({_difference(progress, settings)}); "
                "give those, or delete it."
            )
        self.done: int = progress["done"]
        self._offset: int = progress["offset"]
        self._file = (self.folder / self._name).open("r+b")

    def write(self, first: int, maps: NDArray[np.float32]) -> None:
        """Put maps in their place; they count once :meth:`save` has run."""
        self._file.seek(self._offset + first * self._shape[1] * self._shape[2] * 4)
        self._file.write(np.ascontiguousarray(maps, dtype="<f4").data)

    def save(self, done: int) -> None:
        """Count the first ``done`` maps: the disk has them."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.done = done
        self._write_json(
            PROGRESS, {"offset": self._offset, "done": done, "settings": self._settings}
        )

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._file.close()

    def finish(self) -> None:
        """All maps are there: give the file its name."""
        self.save(self._shape[0])
        self.close()
        if _is_hdf5(self.output):
            os.replace(self.folder / self._name, self.output)
            shutil.rmtree(self.folder)
        else:
            os.rename(self.folder, self.output)
            (self.output / PROGRESS).unlink()

    def _progress(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads((self.folder / PROGRESS).read_text())
        except FileNotFoundError:
            return None
        return found if (self.folder / self._name).exists() else None

    def _check_room(self, output: Path) -> None:
        place = next(p for p in (output.absolute(), *output.absolute().parents) if p.exists())
        needed, free = int(np.prod(self._shape)) * 4 + _ROOM, shutil.disk_usage(place).free
        if needed > free:
            raise ValueError(
                f"{self._shape[0]:,} maps take {needed / 2**30:.1f} GB and {place} has "
                f"{free / 2**30:.1f} GB; make room or ask for fewer."
            )

    def _create(self, parameters: NDArray[np.float64]) -> int:
        """Make the file at its full size; where its maps begin, in bytes."""
        path = self.folder / self._name
        if _is_hdf5(self.output):
            return _create_hdf5(path, self._shape, parameters, self._settings)
        rows = parameters[::MAPS_PER_SIMULATION]
        with whole_file(self.folder / f"params_LH_{self._settings['suite']}.txt") as file:
            np.savetxt(file, rows, "%.6f", header="Omega_m sigma_8")
        self._write_json(MANIFEST, {**self._settings, "units": SIGMA_UNITS, "set": "LH"})
        maps = np.lib.format.open_memmap(path, "w+", "<f4", self._shape)
        return int(maps.offset)

    def _write_json(self, name: str, value: Mapping[str, Any]) -> None:
        write_whole(self.folder / name, (json.dumps(value, indent=1) + "\n").encode())


def _create_hdf5(
    path: Path, shape: tuple[int, ...], parameters: NDArray[np.float64], settings: dict[str, Any]
) -> int:
    import h5py

    with h5py.File(path, "w") as file:
        file["parameters"] = parameters
        file["parameters"].attrs["columns"] = ["Omega_m", "sigma_8"]
        # in one piece from the beginning: HDF5 itself need not be open while the maps come
        layout = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        layout.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        layout.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
        layout.set_obj_track_times(False)  # the same command makes the same bytes
        space = h5py.h5s.create_simple(shape)
        maps = h5py.h5d.create(file.id, b"maps", h5py.h5t.IEEE_F32LE, space, layout)
        file["maps"].attrs["units"] = SIGMA_UNITS
        file.attrs["settings"] = json.dumps(settings)
        for name, value in settings.items():
            file.attrs[name] = value
        file.flush()
        return int(maps.get_offset())


def _settings_of(output: Path) -> dict[str, Any] | None:
    """The settings of finished maps; None if they are not ours."""
    import h5py

    try:
        if output.is_dir():
            found: dict[str, Any] = json.loads((output / MANIFEST).read_text())
            return {k: v for k, v in found.items() if k not in ("units", "set")}
        with h5py.File(output, "r") as file:
            return dict(json.loads(file.attrs["settings"]))
    except (OSError, ValueError, KeyError):
        return None


def _difference(progress: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    begun = progress["settings"]
    names = [k for k in {**begun, **settings} if begun.get(k) != settings.get(k)]
    return ", ".join(f"{name} {begun.get(name)}" for name in names)


def _part(output: Path) -> Path:
    return output.with_name(f"{output.name}.part")


def _is_hdf5(output: Path) -> bool:
    return output.suffix.lower() in (".h5", ".hdf5")
