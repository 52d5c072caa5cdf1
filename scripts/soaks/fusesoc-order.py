# What FuseSoC itself says of a core: its HDL files in order, as JSON. `python3 fusesoc-order.py ROOT CORE_FILE TARGET`,
# with the package `fusesoc` installed. No generator runs, nothing is fetched or written.
import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)
from fusesoc.config import Config
from fusesoc.coremanager import CoreManager
from fusesoc.librarymanager import Library

root, core_file, target = os.path.realpath(sys.argv[1]), sys.argv[2], sys.argv[3]
manager = CoreManager(Config())
manager.add_library(Library("workspace", root), [])
top = next(c for c in manager.get_cores().values() if os.path.realpath(c.core_file) == os.path.join(root, core_file))
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
