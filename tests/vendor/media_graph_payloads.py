"""Builds requests with the vendor's azure-media-analytics-edge, or loads replies with it.

    media_graph_payloads.py build            -> {"method": request, ...} on standard output
    media_graph_payloads.py load < replies   -> what the SDK made of them, on standard output

Runs with the Python of the vendor's own environment; nothing of footfall is imported.
"""

from __future__ import annotations

import json
import sys

from azure.media.analyticsedge import models as m

RAW = m.MediaGraphImage(
    scale=m.MediaGraphImageScale(mode=m.MediaGraphImageScaleMode.PAD, width="1408", height="786"),
    format=m.MediaGraphImageFormatRaw(pixel_format=m.MediaGraphImageFormatRawPixelFormat.BGR24),
)
JPEG = m.MediaGraphImage(format=m.MediaGraphImageFormatJpeg(quality="90"))
VIDEO = m.MediaGraphOutputSelector(property="mediaType", operator="is", value="video")
LOGIN = m.MediaGraphUsernamePasswordCredentials(username="${user}", password="${word}")
TLS = m.MediaGraphTlsEndpoint(
    url="https://model/score",
    credentials=m.MediaGraphHttpHeaderCredentials(header_name="X-Key", header_value="k"),
    trusted_certificates=m.MediaGraphPemCertificateList(certificates=["-----BEGIN CERTIFICATE-----"]),
    validation_options=m.MediaGraphTlsValidationOptions(ignore_hostname="true", ignore_signature="false"),
)


def inputs(*names: str) -> list[m.MediaGraphNodeInput]:
    return [m.MediaGraphNodeInput(node_name=name) for name in names]


def topology() -> m.MediaGraphTopology:
    """Every node the SDK knows."""
    sampling = m.MediaGraphSamplingOptions(skip_samples_without_annotation="false", maximum_samples_per_second="20")
    shared = m.MediaGraphGrpcExtensionDataTransfer(mode="sharedMemory", shared_memory_size_mi_b="5")
    return m.MediaGraphTopology(
        name="Everything",
        properties=m.MediaGraphTopologyProperties(
            description="Every node",
            parameters=[
                m.MediaGraphParameterDeclaration(name="url", type="String"),
                m.MediaGraphParameterDeclaration(name="user", type="String", default="nobody"),
                m.MediaGraphParameterDeclaration(name="word", type="SecretString", default="sesame"),
            ],
            sources=[
                m.MediaGraphRtspSource(
                    name="camera",
                    transport="tcp",
                    endpoint=m.MediaGraphUnsecuredEndpoint(url="${url}", credentials=LOGIN),
                ),
                m.MediaGraphIoTHubMessageSource(name="button", hub_input_name="pressed"),
            ],
            processors=[
                m.MediaGraphMotionDetectionProcessor(
                    name="motion", inputs=inputs("camera"), sensitivity="medium", output_motion_region=True,
                    event_aggregation_window="PT1S",
                ),
                m.MediaGraphGrpcExtension(
                    name="grpc", inputs=inputs("motion"), image=RAW, data_transfer=shared, sampling_options=sampling,
                    endpoint=m.MediaGraphUnsecuredEndpoint(url="tcp://model:44000"), extension_configuration="{}",
                ),
                m.MediaGraphHttpExtension(name="http", inputs=inputs("grpc"), image=JPEG, endpoint=TLS),
                m.MediaGraphCognitiveServicesVisionExtension(
                    name="vision", image=RAW, sampling_options=sampling,
                    endpoint=m.MediaGraphUnsecuredEndpoint(url="tcp://spatial:50051"),
                    inputs=[m.MediaGraphNodeInput(node_name="camera", output_selectors=[VIDEO])],
                ),
                m.MediaGraphSignalGateProcessor(
                    name="gate", inputs=inputs("camera", "vision", "button"), activation_evaluation_window="PT1S",
                    activation_signal_offset="-PT5S", minimum_activation_time="PT30S", maximum_activation_time="PT30S",
                ),
            ],
            sinks=[
                m.MediaGraphAssetSink(
                    name="assets", inputs=inputs("gate"), asset_name_pattern="a-${System.DateTime}",
                    segment_length="PT30S", local_media_cache_path="/cache/",
                    local_media_cache_maximum_size_mi_b="200",
                ),
                m.MediaGraphFileSink(
                    name="files", inputs=inputs("gate"), base_directory_path="/var/media",
                    file_name_pattern="f-${System.DateTime}", maximum_size_mi_b="512",
                ),
                m.MediaGraphIoTHubMessageSink(name="hub", inputs=inputs("http", "vision"), hub_output_name="out"),
            ],
        ),
    )  # fmt: skip


def instance() -> m.MediaGraphInstance:
    """One of it."""
    values = [
        m.MediaGraphParameterDefinition(name="url", value="rtsp://cam/door"),
        m.MediaGraphParameterDefinition(name="word", value="open sesame"),
    ]
    properties = m.MediaGraphInstanceProperties(topology_name="Everything", description="One", parameters=values)
    return m.MediaGraphInstance(name="one", properties=properties)


def build() -> list[tuple[str, object]]:
    """All methods in the tutorial's order."""
    requests = [
        m.MediaGraphTopologySetRequest(graph=topology()),
        m.MediaGraphTopologyGetRequest(name="Everything"),
        m.MediaGraphTopologyListRequest(),
        m.MediaGraphInstanceSetRequest(instance=instance()),
        m.MediaGraphInstanceGetRequest(name="one"),
        m.MediaGraphInstanceActivateRequest(name="one"),
        m.MediaGraphInstanceListRequest(),
        m.MediaGraphInstanceDeActivateRequest(name="one"),
        m.MediaGraphInstanceDeleteRequest(name="one"),
        m.MediaGraphTopologyDeleteRequest(name="Everything"),
    ]
    return [(request.method_name, request.serialize()) for request in requests]


def load(replies: list[tuple[str, object]]) -> list[object]:
    """What the SDK understands."""
    models = {
        "GraphTopologySet": m.MediaGraphTopology, "GraphTopologyGet": m.MediaGraphTopology,
        "GraphTopologyList": m.MediaGraphTopologyCollection, "GraphInstanceSet": m.MediaGraphInstance,
        "GraphInstanceGet": m.MediaGraphInstance, "GraphInstanceList": m.MediaGraphInstanceCollection,
    }  # fmt: skip
    return [[method, models[method].deserialize(reply).as_dict()] for method, reply in replies if method in models]


if __name__ == "__main__":
    told = build() if sys.argv[1] == "build" else load(json.load(sys.stdin))
    json.dump(told, sys.stdout)
