"""Holds each spec against its standard.

OpenAPI is checked by openapi-spec-validator, OpenRPC by its meta-schema.

usage: validate_specs.py SPECS_DIR

Prints one line per spec, then its faults; exits with 1 if there are any.
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV30SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

# The meta-schemas of OpenRPC and JSON Schema, as their authors publish them. The first refers to the
# second.
OPENRPC = ("@open-rpc/meta-schema", "1.14.9", "openrpcDocument")
JSON_SCHEMA = ("@json-schema-tools/meta-schema", "1.8.0", "JSONSchema")


def published(directory, package, version, export):
    """What an npm package exports."""
    if not (directory / "node_modules" / package).is_dir():
        directory.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-save", "--ignore-scripts", "--prefix", str(directory)]
        wanted = [f"{name}@{at}" for name, at, _ in (OPENRPC, JSON_SCHEMA)]
        subprocess.run(install + wanted, check=True, stdout=subprocess.DEVNULL)
    script = f"const m = require({json.dumps(package)}); console.log(JSON.stringify(m.{export} ?? m.default ?? m))"
    return json.loads(subprocess.check_output(["node", "-e", script], cwd=directory))


def openrpc_validator():
    """The validator, or none where there is no npm."""
    if not shutil.which("npm"):
        return None
    directory = Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "ci" / "npm"
    schema = Resource.from_contents(published(directory, *JSON_SCHEMA), default_specification=DRAFT7)
    addresses = ("https://meta.json-schema.tools", "https://meta.json-schema.tools/")
    registry = Registry().with_resources((address, schema) for address in addresses)
    return Draft7Validator(published(directory, *OPENRPC), registry=registry)


def leaves(error):
    """The errors that an error consists of."""
    if not error.context:
        return [error]
    return [leaf for part in error.context for leaf in leaves(part)]


def main():
    specs = sorted(path for path in Path(sys.argv[1]).iterdir() if path.suffix in (".yaml", ".yml", ".json"))
    if not specs:
        sys.exit(f"{sys.argv[1]} has no specs")
    faults = 0
    for path in specs:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "openrpc" in document:
            standard, validator = "OpenRPC " + document["openrpc"], openrpc_validator()
        else:
            standard, validator = "OpenAPI " + document["openapi"], OpenAPIV30SpecValidator(document)
        if validator is None:
            print(f"{path}: {standard}, not checked: the meta-schema comes by npm, and there is none here")
            continue
        errors = list(validator.iter_errors(document) if "openrpc" in document else validator.iter_errors())
        print(f"{path}: {standard}, {'valid' if not errors else 'NOT valid'}")
        for error in errors:
            for leaf in leaves(error):
                print(f"  /{'/'.join(map(str, leaf.absolute_path))}: {leaf.message[:300]}")
        faults += len(errors)
    return 1 if faults else 0


sys.exit(main())
