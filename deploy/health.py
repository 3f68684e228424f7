"""Whether the service in this container is ready, as an exit status."""

import http.client
import os
import sys

# Linux takes 0.0.0.0 for this machine, so that HOST will do as it is.
host, port = os.environ["HOST"].strip() or "127.0.0.1", os.environ["PORT"].strip() or "8000"
service = http.client.HTTPConnection(host, int(port), timeout=2)
service.request("GET", "/health/ready")
sys.exit(service.getresponse().status != http.HTTPStatus.OK)
