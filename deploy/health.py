"""Whether the service in this container is ready, as an exit status."""

import http.client
import os
import sys

# Linux takes 0.0.0.0 for this machine, so that HOST will do as it is.
service = http.client.HTTPConnection(os.environ["HOST"], int(os.environ["PORT"]), timeout=2)
service.request("GET", "/health/ready")
sys.exit(service.getresponse().status != http.HTTPStatus.OK)
