# docker build --tag slotline .                        runs on any processor
# docker build --tag slotline:gpu --target gpu .       runs on NVIDIA's cards: docker run --gpus all

FROM python:3.11-slim-bookworm AS requirements
WORKDIR /build
COPY pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > requirements.txt


# Compiled here, as the image's file system will be read-only.
FROM python:3.11-slim-bookworm AS service
WORKDIR /slotline
COPY deploy/health.py ./
COPY app app
RUN python -m compileall -q --invalidation-mode unchecked-hash .


FROM requirements AS cpu-root
RUN pip install --no-cache-dir --no-compile --target /packages -r requirements.txt
COPY deploy/gather.py ./
RUN python gather.py /packages /root-of-image


FROM requirements AS gpu-packages
# In place of onnxruntime and never beside it: both install the same files.
RUN sed -i 's/^onnxruntime\b/onnxruntime-gpu[cuda,cudnn]/' requirements.txt \
    && pip install --no-cache-dir --target /packages -r requirements.txt


FROM python:3.11-slim-bookworm AS gpu
COPY --from=gpu-packages /packages /usr/local/lib/python3.11/site-packages
COPY --from=service /slotline /slotline
COPY models /slotline/models
WORKDIR /slotline
ENV HOST=0.0.0.0 PORT=8000 SLOTLINE_PROVIDER=cuda PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python3", "health.py"]
ENTRYPOINT ["python3", "-m", "app"]


FROM scratch AS cpu
COPY --from=cpu-root /root-of-image /
COPY --from=service /slotline /slotline
COPY models /slotline/models
WORKDIR /slotline
ENV PATH=/usr/local/bin LANG=C.UTF-8 HOST=0.0.0.0 PORT=8000 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["python3", "health.py"]
ENTRYPOINT ["python3", "-m", "app"]
