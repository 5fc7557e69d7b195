"""The functions behind the routes, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from footfall.customvision.door import artifacts
from footfall.customvision.prediction import predicting, predictions, querying
from footfall.customvision.training import exports, iterations, orders, performance, progress, publishing
from footfall.customvision.workspace import domains, images, labels, listing, metadata, projects, tags

Operation: TypeAlias = Callable[..., Any]
"""Takes the workshop, then named arguments."""

OPERATIONS: Final[Mapping[str, Operation]] = {
    operation.__name__: operation
    for operation in (
        domains.get_domains, domains.get_domain,
        projects.get_projects, projects.create_project, projects.get_project, projects.update_project,
        projects.delete_project, artifacts.get_artifact,
        tags.get_tags, tags.create_tag, tags.get_tag, tags.update_tag, tags.delete_tag,
        images.create_images, images.delete_images, predictions.create_images_from_predictions,
        listing.get_images, listing.get_tagged_images, listing.get_untagged_images, listing.get_images_by_ids,
        listing.get_image_count,
        labels.create_image_tags, labels.delete_image_tags, labels.create_image_regions, labels.delete_image_regions,
        metadata.update_image_metadata,
        orders.train_project, iterations.get_iterations, iterations.get_iteration, iterations.delete_iteration,
        iterations.update_iteration, progress.get_training_progress,
        performance.get_iteration_performance, performance.get_image_performances,
        publishing.publish_iteration, publishing.unpublish_iteration, exports.export_iteration, exports.get_exports,
        querying.query_predictions, predictions.delete_prediction,
        predicting.classify_image, predicting.detect_image, predicting.quick_test_image,
    )
}  # fmt: skip
