"""Puts the shipped YAML and the schemas inside the engine package of a wheel; pyproject.toml says everything else."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
SHIPPED = ("systems", "mappings", "rules", "schemas")


class BuildWithYaml(build_py):
    """The package with engine/shipped/ in it. A checkout and an editable install read the folders themselves."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name, path in self._shipped():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, path)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        shipped = [] if self.editable_mode else [str(path) for _, path in self._shipped()]
        return [*super().get_outputs(include_bytecode), *shipped]

    def _shipped(self) -> list[tuple[Path, Path]]:
        target = Path(self.build_lib) / "engine" / "shipped"
        files = (path for folder in SHIPPED for path in sorted((HERE / folder).rglob("*")) if path.is_file())
        return [(path, target / path.relative_to(HERE)) for path in files]


setup(cmdclass={"build_py": BuildWithYaml})
