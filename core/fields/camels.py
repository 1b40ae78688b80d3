"""The layout of the CAMELS Multifield Dataset (CMD), Villaescusa-Navarro et al. 2022
(arXiv:2109.10915): one .npy file of maps and one text file of parameters a set.

Real CMD files and those of this project's stand-in simulation read alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.fields.geometry import MAPS_PER_SIMULATION, SIGMA_UNITS, coarsen
from core.fields.wanted import shown_shape

__all__ = ["CamelsMaps"]

PARAMETER_NAMES = ("Omega_m", "sigma_8", "A_SN1", "A_AGN1", "A_SN2", "A_AGN2")

_CHUNK_BYTES = 64 * 2**20
_LOOKS_LOGARITHMIC = 100.0  # linear HI maps reach 1e6 and more in every slab; a logarithm never


@dataclass(frozen=True)
class CamelsMaps:
    """One set of maps, memory-mapped, with the parameters of its simulations.

    Attributes:
        maps: (N, n, n) float32 memory map, linear, in (Msun/h)/(Mpc/h)^2 for HI.
        parameters: (n_simulations, >= 2) float64; the first columns are Omega_m and sigma_8.
        names: names of the columns.
        suite: "IllustrisTNG", "SIMBA", "Astrid", or "CosmoDeskPM" for the stand-in.
        dataset: "LH", "CV", "1P", "EX", ...
        path: of the maps.
    """

    maps: NDArray[np.float32]
    parameters: NDArray[np.float64]
    names: tuple[str, ...]
    suite: str
    dataset: str
    path: Path

    @classmethod
    def open(
        cls,
        folder: str | Path,
        suite: str | None = None,
        dataset: str = "LH",
        field: str = "HI",
        redshift: float = 0.0,
    ) -> CamelsMaps:
        """Open ``Maps_{field}_{suite}_{dataset}_z={redshift:.2f}.npy`` and its parameters.

        The parameters are read from ``params_{dataset}_{suite}.txt``, or from the older
        ``params_{suite}.txt`` for the LH set.

        Args:
            folder: that holds both files.
            suite: of the simulations; may be left out if the folder holds one.
            dataset: "LH", "CV", "1P", "EX", "BE", or this project's "TEST" and "FIX".
            field: "HI", "Mtot", ...
            redshift: 0.0 for the public maps.

        Raises:
            ValueError: if a file is missing, or its shape, type or units are not those of the
                dataset; one sentence that says what would be right.

        Example:
            >>> data = CamelsMaps.open("data/hydrogen/LH")
            >>> data.at_size(64, range(15)).shape
            (15, 64, 64)
        """
        folder = Path(folder)
        path, suite = _find_maps(folder, suite, dataset, field, redshift)
        maps = _open_maps(path, field)
        parameters, names = _read_parameters(folder, suite, dataset)
        expected = len(parameters) * MAPS_PER_SIMULATION
        if len(maps) != expected:
            raise ValueError(
                f"{path.name} holds {len(maps)} maps, but the parameters have {len(parameters)} "
                f"rows: {MAPS_PER_SIMULATION} maps a simulation make {expected}."
            )
        return cls(maps, parameters, names, suite, dataset, path)

    @property
    def n_simulations(self) -> int:
        """Rows of the parameters."""
        return len(self.parameters)

    @property
    def maps_per_simulation(self) -> int:
        """Maps that share a simulation: 3 axes times 5 slabs."""
        return MAPS_PER_SIMULATION

    def __len__(self) -> int:
        return len(self.maps)

    def simulation_of(self, i: ArrayLike) -> NDArray[np.int_]:
        """Row of the parameters that map ``i`` belongs to: i // 15."""
        index = np.asarray(i, dtype=int)
        if np.any((index < 0) | (index >= len(self.maps))):
            raise ValueError(f"There is no such map; the set holds maps 0 to {len(self.maps) - 1}.")
        return (index // MAPS_PER_SIMULATION)[()]

    def at_size(self, size: int, indices: ArrayLike | None = None) -> NDArray[np.float32]:
        """Maps averaged to ``size`` pixels a side, read in chunks.

        Args:
            size: a divisor of the maps' own size.
            indices: which maps; all of them by default.

        Returns:
            (len(indices), size, size) float32, linear.

        Raises:
            ValueError: if ``size`` is not a divisor or a map does not exist.
        """
        rows = np.arange(len(self.maps)) if indices is None else np.asarray(indices, dtype=int)
        self.simulation_of(rows)
        out = np.empty((len(rows), size, size), np.float32)
        step = max(1, _CHUNK_BYTES // (self.maps.itemsize * self.maps[0].size))
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            out[part] = coarsen(self.maps[rows[part]], size)
        return out


def _find_maps(
    folder: Path, suite: str | None, dataset: str, field: str, redshift: float
) -> tuple[Path, str]:
    ending = f"_{dataset}_z={redshift:.2f}.npy"
    found = {
        match[1]: path
        for path in sorted(folder.glob(f"Maps_{field}_*{ending}"))
        if (match := re.fullmatch(rf"Maps_{re.escape(field)}_(.+){re.escape(ending)}", path.name))
    }
    if suite is None and len(found) > 1:
        raise ValueError(f"{folder} holds the suites {', '.join(found)}; say which with suite=.")
    if not found or (suite is not None and suite not in found):
        raise ValueError(
            f"{folder} holds no Maps_{field}_{suite or '<suite>'}{ending}; give the folder "
            "that has it."
        )
    name = suite or next(iter(found))
    return found[name], name


def _open_maps(path: Path, field: str) -> NDArray[np.float32]:
    try:
        maps = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # the parser of headers evaluates a literal: anything may come
        raise ValueError(f"{path.name} is damaged or no .npy file; download it again.") from error
    if maps.ndim != 3 or maps.shape[1] != maps.shape[2] or not len(maps):
        raise ValueError(
            f"{path.name} has shape {shown_shape(maps.shape)}; (N, 256, 256) is the CMD's."
        )
    if maps.dtype.kind != "f":
        raise ValueError(f"{path.name} holds {maps.dtype}; the CMD's maps are float32.")
    # a spread of maps tells the units; maps of zeros are those a running simulation has yet to fill
    sample = maps[np.unique(np.linspace(0, len(maps) - 1, 8).astype(int))]
    sample = sample[sample.any(axis=(1, 2))] if sample.any() else maps[:1]
    if not np.isfinite(sample).all():
        raise ValueError(f"{path.name} holds NaN or infinite values; download it again.")
    if field == "HI" and sample.any() and (
        sample.min() < 0 or sample.max() < _LOOKS_LOGARITHMIC
    ):
        raise ValueError(
            f"{path.name} reaches from {sample.min():.3g} to {sample.max():.3g} and looks "
            f"logarithmic or normalised; linear surface densities in {SIGMA_UNITS} are needed."
        )
    return maps


def _read_parameters(
    folder: Path, suite: str, dataset: str
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    names = [f"params_{dataset}_{suite}.txt"]
    if dataset == "LH":
        names.append(f"params_{suite}.txt")
    path = next((folder / name for name in names if (folder / name).is_file()), None)
    if path is None:
        raise ValueError(f"{folder} lacks the parameters of the maps: {' or '.join(names)}.")
    text = path.read_text(errors="replace")
    try:
        parameters = np.loadtxt(text.splitlines(), ndmin=2, dtype=np.float64)
    except ValueError as error:
        raise ValueError(
            f"{path.name} is not a table of numbers; one row a simulation is needed."
        ) from error
    if parameters.size == 0 or parameters.shape[1] < 2 or not np.isfinite(parameters).all():
        raise ValueError(
            f"{path.name} has {parameters.shape[0]} rows and {parameters.shape[-1]} columns; "
            "finite Omega_m and sigma_8 are needed for each simulation."
        )
    header = text.splitlines()[0].lstrip("# ").split() if text.startswith("#") else []
    width = parameters.shape[1]
    if len(header) != width:
        header = [*PARAMETER_NAMES, *(f"p{i}" for i in range(6, width))][:width]
    return parameters, tuple(header)
