"""A model in service: the tagger of a bundle, the types of its slots, and its lists of values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.inference.list_folder import ModelLists
from app.inference.slot_types import types_of
from app.tagging.bundle import Bundle, Manifest
from app.tagging.device import Device
from app.tagging.slots import Slot
from app.tagging.tagger import Tagger
from app.values import Context, Resolution, SlotType, resolve_slots


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """
    A model in service: its tagger, and the types of its slots by name.

    lists: the operator's lists of values, None if there are none.
    """

    tagger: Tagger
    types: Mapping[str, SlotType]
    lists: ModelLists | None = None

    @property
    def manifest(self) -> Manifest:
        """The manifest of the bundle."""
        return self.tagger.manifest

    def resolve(
        self, text: str, slots: Sequence[Slot], context: Context
    ) -> list[Resolution | None]:
        """The values of the slots of a text, None for slots without a type."""
        spans = [(slot.name, slot.start, slot.end) for slot in slots]
        return resolve_slots(text, spans, self.types, context)

    def with_lists(self, lists: ModelLists | None) -> "LoadedModel":
        """The model with other lists; the same object if the lists are the same."""
        if lists is self.lists or (lists and self.lists and lists.version == self.lists.version):
            return self
        types = {
            slot: replace(
                slot_type, names=slot_type.names.behind(lists.names_of(slot) if lists else None)
            )
            if slot_type.names is not None
            else slot_type
            for slot, slot_type in self.types.items()
        }
        tagger = self.tagger.with_lists(lists.values if lists else ())
        return LoadedModel(tagger, types, lists)


def load_model(bundle: Bundle, device: Device = "cpu", threads: int = 1) -> LoadedModel:
    """Load the model of a bundle, without lists; raises what Tagger raises."""
    return LoadedModel(Tagger(bundle, device, threads), types_of(bundle))
