# docker build --tag slotline .                        runs on any processor
# docker build --tag slotline:gpu --target gpu .       runs on NVIDIA's cards: docker run --gpus all

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
# Wheels alone, so that nothing of a package is run before it serves.
ENV PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all:


# Compiled here, as the image's file system will be read-only.
FROM build AS service
WORKDIR /slotline
COPY deploy/health.py ./
COPY app app
RUN python -m compileall -q --invalidation-mode unchecked-hash .


# What the lists of the images' contents are made with.
FROM build AS lister
COPY deploy/__init__.py deploy/sbom.py deploy/
COPY app/__init__.py app/
COPY models models


FROM build AS cpu-root
COPY deploy/requirements.lock ./
RUN pip install --no-compile --require-hashes --target /packages -r requirements.lock
COPY deploy/gather.py ./
RUN python gather.py /packages /root-of-image


FROM lister AS cpu-list
COPY deploy/requirements.lock ./
COPY --from=cpu-root /root-of-image /root-of-image
RUN python -m deploy.sbom /root-of-image requirements.lock models > sbom.cdx.json


FROM build AS gpu-packages
COPY deploy/requirements-gpu.lock ./
RUN pip install --require-hashes --target /packages -r requirements-gpu.lock


FROM python:3.11-slim-bookworm AS gpu-root
COPY --from=gpu-packages /packages /usr/local/lib/python3.11/site-packages


FROM gpu-root AS gpu-list
WORKDIR /build
COPY --from=lister /build ./
COPY deploy/requirements-gpu.lock ./
RUN python -m deploy.sbom / requirements-gpu.lock models > sbom.cdx.json


FROM gpu-root AS gpu
COPY --from=service /slotline /slotline
COPY --from=gpu-list /build/sbom.cdx.json /slotline/
COPY models /slotline/models
WORKDIR /slotline
ENV HOST=0.0.0.0 PORT=8000 SLOTLINE_DEVICE=cuda PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python3", "health.py"]
ENTRYPOINT ["python3", "-m", "app"]


FROM scratch AS cpu
COPY --from=cpu-root /root-of-image /
COPY --from=service /slotline /slotline
COPY --from=cpu-list /build/sbom.cdx.json /slotline/
COPY models /slotline/models
WORKDIR /slotline
ENV PATH=/usr/local/bin LANG=C.UTF-8 HOST=0.0.0.0 PORT=8000 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python3", "health.py"]
ENTRYPOINT ["python3", "-m", "app"]
