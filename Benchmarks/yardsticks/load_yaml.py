"""Loads a YAML file with PyYAML's C loader: load_yaml.py FILE."""

import sys

import yaml

with open(sys.argv[1], "rb") as file:
    document = yaml.load(file, Loader=yaml.CSafeLoader)
print(f"{len(document['groups'])} groups")
