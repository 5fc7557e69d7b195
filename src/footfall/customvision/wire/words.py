"""What goes over the wire, key for key: the models of Custom Vision (spec/custom-vision.md 2).

Every key is always sent; JSON names are camelCase. Ids are lower-case UUIDs with dashes. Boxes are fractions of the
picture, origin top left. What a client sends is read leniently elsewhere; these are answers unless a class says so.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Wire(Struct, frozen=True, kw_only=True, rename="camel"):
    """An answer."""


class Task(StrEnum):
    """What a domain is for."""

    CLASSIFICATION = "Classification"
    DETECTION = "ObjectDetection"


class ClassificationType(StrEnum):
    """One tag a picture, or any number."""

    MULTICLASS = "Multiclass"
    MULTILABEL = "Multilabel"


class TagType(StrEnum):
    """Negative: none of the others is in the picture."""

    REGULAR = "Regular"
    NEGATIVE = "Negative"
    GENERAL_PRODUCT = "GeneralProduct"


class TrainingType(StrEnum):
    """How much is tried."""

    REGULAR = "Regular"
    ADVANCED = "Advanced"


class IterationStatus(StrEnum):
    """Clients wait while it is `Training` and know no other words."""

    TRAINING = "Training"
    COMPLETED = "Completed"
    FAILED = "Failed"


class ExportStatus(StrEnum):
    """Of an export."""

    EXPORTING = "Exporting"
    FAILED = "Failed"
    DONE = "Done"


class ImageCreateStatus(StrEnum):
    """What became of one picture of a batch."""

    OK = "OK"
    OK_DUPLICATE = "OKDuplicate"
    ERROR_SOURCE = "ErrorSource"
    ERROR_IMAGE_FORMAT = "ErrorImageFormat"
    ERROR_IMAGE_SIZE = "ErrorImageSize"
    ERROR_STORAGE = "ErrorStorage"
    ERROR_LIMIT_EXCEED = "ErrorLimitExceed"
    ERROR_TAG_LIMIT_EXCEED = "ErrorTagLimitExceed"
    ERROR_REGION_LIMIT_EXCEED = "ErrorRegionLimitExceed"
    ERROR_UNKNOWN = "ErrorUnknown"
    ERROR_NEGATIVE_AND_REGULAR = "ErrorNegativeAndRegularTagOnSameImage"
    ERROR_IMAGE_DIMENSIONS = "ErrorImageDimensions"
    ERROR_INVALID_TAG = "ErrorInvalidTag"


class ImageMetadataUpdateStatus(StrEnum):
    """What became of the metadata of one picture."""

    OK = "OK"
    ERROR_IMAGE_NOT_FOUND = "ErrorImageNotFound"
    ERROR_LIMIT_EXCEED = "ErrorLimitExceed"
    ERROR_UNKNOWN = "ErrorUnknown"
