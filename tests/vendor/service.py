"""The untouched service client of the vendor, driven from outside: one JSON line in, one out, as `module.py`.

The settings are `{"connection_string": ...}`; trust comes from REQUESTS_CA_BUNDLE.
"""

import json
import sys

from azure.iot.hub import IoTHubConfigurationManager, IoTHubRegistryManager
from azure.iot.hub.models import CloudToDeviceMethod, ConfigurationContent, QuerySpecification, Twin, TwinProperties


class Service:
    def __init__(self, settings):
        self.registry = IoTHubRegistryManager.from_connection_string(settings["connection_string"])
        self.configurations = IoTHubConfigurationManager(settings["connection_string"])

    def invoke(self, device, module, name, payload=None, response_s=None, connect_s=None):
        method = CloudToDeviceMethod(
            method_name=name,
            payload=payload,
            response_timeout_in_seconds=response_s,
            connect_timeout_in_seconds=connect_s,
        )
        result = self.registry.invoke_device_module_method(device, module, method)
        return {"status": result.status, "payload": result.payload}

    def twin(self, device, module):
        return self.registry.get_module_twin(device, module).serialize(keep_readonly=True)

    def patch_desired(self, device, module, desired, etag=None):
        twin = Twin(properties=TwinProperties(desired=desired))
        return self.registry.update_module_twin(device, module, twin, etag).serialize(keep_readonly=True)

    def replace_desired(self, device, module, desired):
        twin = self.registry.get_module_twin(device, module)
        twin.properties.desired = desired
        return self.registry.replace_module_twin(device, module, twin).serialize(keep_readonly=True)

    def apply(self, device, modules_content):
        self.configurations.apply_configuration_on_edge_device(
            device, ConfigurationContent(modules_content=modules_content)
        )

    def modules(self, device):
        return [module.serialize(keep_readonly=True) for module in self.registry.get_modules(device)]

    def module(self, device, module):
        return self.registry.get_module(device, module).serialize(keep_readonly=True)

    def query(self, text):
        return [twin.module_id for twin in self.registry.query_iot_hub(QuerySpecification(query=text)).items]


def main():
    service = Service(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(service, command.pop("do"))(**command)
        except Exception as error:
            response = getattr(error, "response", None)
            document = {"type": type(error).__name__, "text": str(error), "cause": None}
            if response is not None:
                document |= {
                    "status": response.status_code,
                    "code": response.headers.get("iothub-errorcode"),
                    "body": response.text,
                }
            answer = {"error": document}
        else:
            answer = {"answer": answer}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
