"""The types of a bundle's slots; models share the lists of names."""

from collections.abc import Mapping
from weakref import WeakValueDictionary

from app.tagging.bundle import MANIFEST, Bundle
from app.tagging.errors import BundleInvalidError
from app.values import InvalidDeclarationError, NameList, SlotType, read_types

# By the hashes of their files: models, and the versions of one, share lists.
_LISTS: WeakValueDictionary[str, NameList] = WeakValueDictionary()


def types_of(bundle: Bundle) -> Mapping[str, SlotType]:
    """The types of a bundle's slots by name, empty without types; raises BundleInvalidError."""
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
