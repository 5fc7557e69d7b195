"""An untouched module client of the vendor, driven from outside: commands in, answers and events out, JSON lines.

Runs in the vendor's own environment. The settings are the first line of standard input; every further line is a
command `{"do": name, ...}`, answered by `{"answer": ...}` or `{"error": {"type", "text", "cause"}}`. What the hub sends
comes as `{"event": ...}`. A method called `slow` is answered after its payload's `seconds`, `unknown` with 501, any
other at once with 200.
"""

import json
import sys
import threading
import time

from azure.iot.device import IoTHubModuleClient, Message, MethodResponse

_lock = threading.Lock()


def say(document):
    with _lock:
        sys.stdout.write(json.dumps(document) + "\n")
        sys.stdout.flush()


class Module:
    def __init__(self, settings):
        options = {key: settings[key] for key in ("keep_alive", "sastoken_ttl") if key in settings}
        if "connection_string" in settings:
            authority = settings.get("authority")
            self.client = IoTHubModuleClient.create_from_connection_string(
                settings["connection_string"], server_verification_cert=authority, **options
            )
        else:
            self.client = IoTHubModuleClient.create_from_edge_environment(**options)
        self.client.on_connection_state_change = lambda: say({"event": "connection", "is_open": self.client.connected})
        self.client.on_background_exception = lambda error: say({"event": "background", "type": type(error).__name__})

    def connect(self):
        self.client.connect()
        return self.client.connected

    def listen(self):
        """Set every handler: the client subscribes."""
        self.client.on_message_received = self._message
        self.client.on_method_request_received = self._method
        self.client.on_twin_desired_properties_patch_received = lambda patch: say({"event": "desired", "patch": patch})

    def get_twin(self):
        return self.client.get_twin()

    def report(self, patch):
        self.client.patch_twin_reported_properties(patch)

    def send(self, body, output, properties=None, system=None, size=None):
        message = Message("x" * size if size else body, **(system or {}))
        message.custom_properties.update(properties or {})
        counted = message.get_size()
        self.client.send_message_to_output(message, output)
        return counted

    def telemetry(self, body):
        self.client.send_message(body)

    def invoke(self, device, module, method):
        return self.client.invoke_method(method, device, module)

    def is_connected(self):
        return self.client.connected

    def wait(self, seconds):
        time.sleep(seconds)

    def shutdown(self):
        self.client.shutdown()

    def _message(self, message):
        system = {
            key: getattr(message, key)
            for key in ("message_id", "correlation_id", "content_type", "content_encoding", "input_name")
        }
        body = message.data.decode(errors="replace")
        say({"event": "message", "body": body, "properties": message.custom_properties, **system})

    def _method(self, request):
        say({"event": "method", "name": request.name, "payload": request.payload})
        if request.name == "slow":
            time.sleep(request.payload["seconds"])
        status = 501 if request.name == "unknown" else 200
        response = MethodResponse.create_from_method_request(request, status, {"echo": request.payload})
        self.client.send_method_response(response)
        say({"event": "replied", "name": request.name})


def main():
    module = Module(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = getattr(module, command.pop("do"))(**command)
        except Exception as error:
            cause = f"{type(error.__cause__).__name__}: {error.__cause__}"
            say({"error": {"type": type(error).__name__, "text": str(error), "cause": cause}})
        else:
            say({"answer": answer})


if __name__ == "__main__":
    main()
