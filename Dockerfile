# One image for every part of a node. Nothing secret is in it, nothing is fetched
# without a hash, and nothing in it runs as root.
FROM python:3.11-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build

# The backend that packs the wheel is in the development lock, with its hash.
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /backend \
 && /backend/bin/pip install --no-deps --require-hashes -r requirements-dev.lock \
 && python -m venv /app \
 && /app/bin/pip install --no-deps --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE folkmoot.py ./
COPY federation federation
COPY governance governance
COPY ledger ledger
COPY node node
COPY web web
RUN /backend/bin/python -m hatchling build -t wheel -d /build/dist \
 && /app/bin/pip install --no-deps --no-index /build/dist/*.whl

FROM python:3.11-slim-bookworm

RUN groupadd --gid 10001 folkmoot \
 && useradd --uid 10001 --gid folkmoot --home-dir /data --shell /usr/sbin/nologin folkmoot \
 && install -d -m 0700 -o folkmoot -g folkmoot /data /keys

COPY --from=build /app /app

ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FOLKMOOT_DATA=/data \
    FOLKMOOT_KEYS=/keys

USER folkmoot
WORKDIR /data
VOLUME ["/data", "/keys"]
EXPOSE 8000

ENTRYPOINT ["folkmoot"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
