"""The types of a bundle's slots, with the lists of names and values that models share."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from weakref import WeakKeyDictionary, WeakValueDictionary

from app.tagging.bundle import MANIFEST, Bundle
from app.tagging.errors import BundleInvalidError
from app.tagging.tokenizer import words_of
from app.tagging.value_lists import ValueList, ValueSet
from app.values import InvalidDeclarationError, NameList, SlotType, read_types
from app.values.names import key_of

# By the hashes of their files: models, and the versions of one, share lists.
_LISTS: WeakValueDictionary[str, NameList] = WeakValueDictionary()
_VALUES: WeakKeyDictionary[NameList, ValueSet] = WeakKeyDictionary()
# Words of sentences in the form of a list's keys.
_folded = lru_cache(20_000)(key_of)


def types_of(bundle: Bundle) -> Mapping[str, SlotType]:
    """The types of a bundle's slots, none where it has none; raises BundleInvalidError."""
    manifest = bundle.manifest
    if manifest.types is None:
        return {}

    def read_list(name: str) -> NameList:
        content = bundle.contents.lists.get(name)
        if content is None:
            raise InvalidDeclarationError(f"the bundle holds no list {name}")
        digest = manifest.files[name]
        names = _LISTS.get(digest)
        if names is None:
            names = _LISTS[digest] = NameList(content)
        return names

    try:
        return read_types(manifest.types, read_list, bundle.contents.slots)
    except InvalidDeclarationError as error:
        raise BundleInvalidError(
            manifest.name, f"{MANIFEST}, types: {error}", "declare them with slotline types"
        ) from error


def lists_of(types: Mapping[str, SlotType]) -> list[ValueList]:
    """The lists of names of a bundle as lists of values: those of a slot whose type names them."""
    slots: defaultdict[NameList, list[str]] = defaultdict(list)
    for slot, slot_type in types.items():
        if slot_type.names is not None:
            slots[slot_type.names].append(slot)
    lists = []
    for names, named in slots.items():
        values = _VALUES.get(names)
        if values is None:
            values = _VALUES[names] = ValueSet(
                key.split(" ") if key.isascii() else words_of(key) for key in names.all_keys()
            )
        lists.append(ValueList(tuple(named), values, fold=_folded))
    return lists
