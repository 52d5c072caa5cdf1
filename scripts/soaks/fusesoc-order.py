# What FuseSoC itself says of a core: its HDL files in order, as JSON. `python3 fusesoc-order.py ROOT CORE_FILE TARGET`,
# with the package `fusesoc` installed or its sources and those of what it needs on PYTHONPATH. No generator runs,
# nothing is fetched or written.
import importlib.abc
import importlib.util
import json
import logging
import os
import sys


class Versions(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Modules that a build writes (`_version.py`), of sources that nobody built."""

    def find_spec(self, name, path=None, target=None):
        wanted = path is not None and name.rsplit(".", 1)[-1] in ("_version", "version")
        return importlib.util.spec_from_loader(name, self) if wanted else None

    def exec_module(self, module):
        for name in ("version", "__version__", "full_version", "git_revision", "msi_version"):
            setattr(module, name, "0.0.0")
        module.version_info, module.build, module.is_released = (0, 0, 0), 0, True


sys.dont_write_bytecode = True
# behind all others: only what is nowhere
sys.meta_path.append(Versions())
logging.disable(logging.CRITICAL)
from fusesoc.config import Config
from fusesoc.coremanager import CoreManager
from fusesoc.librarymanager import Library

root, core_file, target = os.path.realpath(sys.argv[1]), sys.argv[2], sys.argv[3]
manager = CoreManager(Config())
manager.add_library(Library("workspace", root), [])
file = os.path.join(root, core_file)
top = next((c for c in manager.get_cores().values() if os.path.realpath(c.core_file) == file), None)
if top is None:
    # it passes over cores that it cannot read
    print("null")
    sys.exit(0)
flags = dict(top.get_flags(target), target=target)
files = []
for core in manager.get_depends(top.name, flags):
    for entry in core.get_files(dict(flags, is_toplevel=core.name == top.name)):
        kind = entry.get("file_type", "").lower()
        if entry.get("is_include_file") or not kind.startswith(("systemverilog", "verilog", "vhdl")):
            continue
        path = os.path.relpath(os.path.normpath(os.path.join(core.files_root, entry["name"])), root)
        if path not in files:
            files.append(path)
print(json.dumps(files))
